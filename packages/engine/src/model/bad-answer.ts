import type { Finding } from '@rewardsmith/contracts';
import type { Reply } from './question.ts';

type BadReply = Extract<Reply<unknown>, { kind: 'bad-answer' }>;

const advice: Readonly<Record<BadReply['reason'], string>> = {
  refused: 'Write the reward program that the task asks for; nothing else is wanted.',
  filtered: 'Use plain technical words.',
  'cut-off': 'Give a shorter answer: a brief paragraph, and the program without long comments.',
  empty: 'Give the paragraph and the program.',
  'too-large': 'Give a short answer: the paragraph and the program.',
  malformed: 'Keep exactly to the form that is asked for.',
  lost: 'Give the paragraph and the program.',
  'prompt-too-long': 'Use a model with a longer context, or give less environment source.',
};

/** An answer that held nothing to judge, as a finding: it goes back to its designer like any other refusal. */
export function badAnswerFinding({ reason, message }: BadReply): Finding {
  return { code: `model-${reason}`, severity: 'error', message, advice: advice[reason] };
}

/** Says of a refused program that its repair held others in its place. */
export function notGivenAgain(): Finding {
  const message = 'The repair held fewer programs than were sent back; this one was not given again.';
  return { code: 'not-given-again', severity: 'error', message, advice: 'Give every program that was sent back.' };
}

export function isExtraPrograms({ code }: Finding): boolean {
  return code === 'extra-programs';
}

/** Says that an answer held programs beside those that were tried. */
export function extraPrograms(dropped: number): Finding {
  const message = `The answer held ${dropped === 1 ? 'one more program, which was' : `${dropped} more programs, which were`} not tried.`;
  const advice = 'Give one program, or as many as the brief asks for; the budget may leave room for fewer.';
  return { code: 'extra-programs', severity: 'note', message, advice };
}
