import { type Finding, type StopReason, shortened } from '@rewardsmith/contracts';
import { type Review, reviewInputs } from '@rewardsmith/critic';
import {
  type DesignAnswer,
  designPrompt,
  type EvaluatedParent,
  paragraph,
  programsAsked,
  programsOf,
  type RefusedProgram,
  repairPrompt,
  type Tried,
} from '@rewardsmith/designer';
import { addCosts, noCost, type Prompts } from '@rewardsmith/llm';
import { limits } from '../limits.ts';
import { type CritiqueContext, type Known, refusal, type Verdict } from '../moves/critique.ts';
import type { Proposed } from '../moves/proposed.ts';
import type { Forms } from './access.ts';
import { badAnswerFinding, extraPrograms } from './bad-answer.ts';
import type { CommonInputs } from './inputs.ts';
import { takeIn } from './intake.ts';
import type { Question, Reply } from './question.ts';
import { reviewed, softened, stageText } from './reviewed.ts';
import { affordable, type OpenSlot, sentBack } from './sent-back.ts';
import type { DesignSlot } from './slots.ts';
import type { TaskModel } from './task-model.ts';

export interface DesignContext {
  readonly generation: number;
  readonly slots: readonly DesignSlot[];
  /** Proposals that may still be made, refused ones included. */
  readonly most: number;
  /** Programs that may still be accepted: so many there are trainings for. At least one a slot. */
  readonly trainable: number;
  readonly prompts: Prompts;
  readonly forms: Forms;
  readonly common: CommonInputs;
  readonly taskModel: TaskModel;
  readonly critique: CritiqueContext;
  readonly known: Known;
  readonly parents: ReadonlyMap<string, EvaluatedParent>;
  /** What has been tried, for a prompt that shows these candidates in full. */
  readonly tried: (shown: ReadonlySet<string>) => readonly Tried[];
  readonly start: { readonly reward: string | undefined; readonly words: string | undefined };
  /** Times that a refused program goes back to its designer. */
  readonly repairs: number;
  /** The model that reviews the program of a slot, an attempt and a stage; none when programs are not reviewed. */
  readonly reviewerFor: (slot: number, attempt: number, stage: number) => string | undefined;
}

/** A program of an answer with the verdict of the computed checks, and of a review where there was one. */
interface Judged {
  readonly slot: DesignSlot;
  /** Of a program that was sent back, the place that it had. */
  readonly place: RefusedProgram['place'];
  /** The answer is paid for with its first program. */
  readonly first: boolean;
  readonly source: string;
  readonly thought: string;
  readonly verdict: Verdict;
  /** What the review of the attempt before said of this very program, which its designer keeps to. */
  readonly stood: readonly Finding[] | undefined;
  readonly question: Question<DesignAnswer>;
  readonly reply: Reply<DesignAnswer>;
}

/** How much a prompt says: all, less of what was tried and measured, and that without the environment's source. */
type Brevity = 0 | 1 | 2;

function brief(parent: EvaluatedParent, brevity: Brevity): EvaluatedParent {
  return brevity === 0 ? parent : { ...parent, facts: shortened(parent.facts, limits.shorterFacts, ''), causes: [] };
}

function designQuestion(
  open: OpenSlot,
  attempt: number,
  context: DesignContext,
  brevity: Brevity = 0,
): Question<DesignAnswer> {
  const { slot, refused } = open;
  const { prompts, common, repairs, generation } = context;
  const parents = slot.parents.flatMap((id) => context.parents.get(id) ?? []);
  const retry = { attempt, attempts: repairs };
  const { purpose, inputs } =
    refused === undefined || refused.again
      ? designPrompt({
          operator: slot.operator,
          brief: slot.brief,
          parents: parents.map((parent) => brief(parent, brevity)),
          tried: brevity === 0 ? context.tried(new Set(slot.parents)) : [],
          start: context.start,
          again: refused === undefined ? undefined : { ...refused, ...retry },
        })
      : repairPrompt({ brief: slot.brief, ...refused, ...retry });
  const sourceCode = brevity === 2 ? '' : common.sourceCode;
  return {
    key: `designer/${generation}.${slot.index}.${attempt}${brevity === 0 ? '' : `/shorter-${brevity}`}`,
    role: 'designer',
    model: slot.model,
    prompt: prompts.render(purpose, { ...common, sourceCode, ...inputs }),
    form: context.forms.design,
    shorter: brevity === 2 ? undefined : () => designQuestion(open, attempt, context, brevity === 0 ? 1 : 2),
  };
}

const emptyVerdict = (finding: Finding): Verdict => ({
  critique: [finding],
  stages: ['answer'],
  refusedBy: 'answer',
  passed: undefined,
});

const alone = { number: 1, of: 1 } as const;

/** Judges the programs of one answer by the computed checks; what passes counts as known for those after it. */
async function judgeAnswer(
  { slot, refused }: OpenSlot,
  question: Question<DesignAnswer>,
  reply: Reply<DesignAnswer>,
  known: Known & { readonly hashes: Set<string>; readonly behaviours: Set<string> },
  most: number,
  context: DesignContext,
): Promise<readonly Judged[]> {
  const repaired = refused === undefined || refused.again ? undefined : refused.programs;
  const made = { slot, question, reply, stood: undefined, place: repaired?.at(-1)?.place ?? alone, first: true };
  if (reply.kind === 'bad-answer') {
    return [{ ...made, source: '', thought: '', verdict: emptyVerdict(badAnswerFinding(reply)) }];
  }
  const thought = paragraph(reply.value.thought);
  const asked = repaired?.length ?? programsAsked(slot.brief);
  const { programs, dropped } = programsOf(reply.value, Math.min(asked, most));
  if (programs.length === 0) {
    const finding = refusal(
      'model-no-program',
      'The answer holds no program.',
      'Give the program after the paragraph.',
    );
    return [{ ...made, source: '', thought, verdict: emptyVerdict(finding) }];
  }
  const judged: Judged[] = [];
  for (const [index, given] of programs.entries()) {
    const place = repaired?.at(index - programs.length)?.place ?? { number: index + 1, of: programs.length };
    const { source, verdict } = await takeIn(given, known, context.critique);
    if (verdict.passed !== undefined) {
      known.hashes.add(verdict.passed.program.hash);
      known.behaviours.add(verdict.passed.behaviour);
    }
    const stages = ['answer' as const, ...verdict.stages];
    const last = index === programs.length - 1;
    const critique = last && dropped > 0 ? [...verdict.critique, extraPrograms(dropped)] : verdict.critique;
    const disputed = refused?.programs.find((program) => program.byReview && program.source === source);
    const stood = disputed === undefined ? undefined : softened(disputed.findings);
    judged.push({
      ...made,
      place,
      first: index === 0,
      source,
      thought,
      stood,
      verdict: { ...verdict, critique, stages },
    });
  }
  return judged;
}

function reviewQuestion(judged: Judged, attempt: number, context: DesignContext) {
  const { passed, critique } = judged.verdict;
  const reviewer = context.reviewerFor(judged.slot.index, attempt, judged.place.number - 1);
  if (passed === undefined || reviewer === undefined || judged.stood !== undefined) return undefined;
  const { language, environment, task, success, fitness } = context.common;
  const warnings = critique.filter(({ severity }) => severity === 'warning');
  const inputs = reviewInputs(passed.program, passed.labels, passed.rollout, warnings);
  const question: Question<Review> = {
    key: `critic/${context.generation}.${judged.slot.index}.${attempt}.${judged.place.number - 1}`,
    role: 'critic',
    model: reviewer,
    prompt: context.prompts.render('critic.review', {
      language,
      environment,
      task,
      success,
      fitness,
      stage: stageText(judged.place),
      ...inputs,
    }),
    form: context.forms.review,
    optional: true,
  };
  return question;
}

/** A judged program as it is recorded, with its review where it had one that could be read. */
function proposed(judged: Judged, attempt: number, review: Reply<Review> | undefined, mayRefuse: boolean): Proposed {
  const { slot, place, first, source, thought, verdict, stood, question, reply } = judged;
  const { passed } = verdict;
  const found = passed === undefined ? [] : (stood ?? reviewed(passed, review, mayRefuse));
  const refusedByReview = found.some(({ severity }) => severity === 'error');
  const { purpose, version, hash } = question.prompt;
  // An answer of several programs is paid for once.
  const designCost = first ? reply.cost : noCost;
  return {
    operator: slot.operator,
    parents: slot.parents,
    source,
    thought,
    critique: [...verdict.critique, ...found],
    accepted: passed === undefined || refusedByReview ? undefined : passed,
    stages: review === undefined ? verdict.stages : [...verdict.stages, 'review'],
    refusedBy: refusedByReview ? 'review' : verdict.refusedBy,
    design: {
      slot: slot.index,
      attempt,
      stage: place.number - 1,
      brief: slot.brief.name,
      model: slot.model,
      answeredBy: reply.answeredBy,
      prompt: { purpose, version, hash },
      calls: [reply.key, ...(review === undefined ? [] : [review.key])],
      cost: addCosts(designCost, review?.cost ?? noCost),
    },
  };
}

function order(a: Proposed, b: Proposed): number {
  const [x, y] = [a.design, b.design];
  if (x === null || y === null) return 0;
  return x.slot - y.slot || x.attempt - y.attempt || x.stage - y.stage;
}

/**
 * Proposes one generation by a model: all slots are asked at once, judged in order, reviewed at once; the refused go back with their
 * findings, round by round, until no program of a slot is refused, its repairs are used up, or `most` proposals were made. Every attempt
 * is returned.
 */
export async function designGeneration(
  context: DesignContext,
): Promise<{ readonly proposals: readonly Proposed[]; readonly cap: StopReason | undefined }> {
  const { hashes, behaviours } = context.known;
  const known = { ...context.known, hashes: new Set(hashes), behaviours: new Set(behaviours) };
  const proposals: Proposed[] = [];
  let open: readonly OpenSlot[] = context.slots.map((slot) => ({ slot, refused: undefined }));
  for (let attempt = 0; attempt <= context.repairs && open.length > 0; attempt += 1) {
    const accepted = proposals.filter((entry) => entry.accepted !== undefined).length;
    open = affordable(open, context.most - proposals.length, context.trainable - accepted);
    // Beside the one program that every open slot may give: what a curriculum may have more.
    let spare = Math.min(context.most - proposals.length, context.trainable - accepted) - open.length;
    const questions = open.map((entry) => designQuestion(entry, attempt, context));
    const { replies, cap } = await context.taskModel.askAll(questions);
    const judged: Judged[] = [];
    for (const [position, entry] of open.entries()) {
      const [question, reply] = [questions[position], replies[position]];
      if (question === undefined || reply === undefined) continue;
      const own = await judgeAnswer(entry, question, reply, known, 1 + Math.max(0, spare), context);
      spare -= own.length - 1;
      judged.push(...own);
    }
    const reviews = await reviewAll(judged, attempt, context);
    const round = judged.map((entry, index) =>
      proposed(entry, attempt, reviews.replies[index], attempt < context.repairs),
    );
    round.forEach((entry, index) => {
      const passed = judged[index]?.verdict.passed;
      if (entry.accepted !== undefined || passed === undefined) return;
      // A program that its review refused may come back repaired in a way that only its reviewer sees.
      known.hashes.delete(passed.program.hash);
      known.behaviours.delete(passed.behaviour);
    });
    proposals.push(...round);
    if (cap !== undefined || reviews.cap !== undefined) {
      return { proposals: proposals.toSorted(order), cap: cap ?? reviews.cap };
    }
    const outcomes = round.map((entry, index) => ({ place: judged[index]?.place ?? alone, proposed: entry }));
    open = open.flatMap(({ slot, refused }) => {
      const back = sentBack(
        outcomes.filter(({ proposed: { design } }) => design?.slot === slot.index),
        refused,
      );
      return back === undefined ? [] : [{ slot, refused: back }];
    });
  }
  return { proposals: proposals.toSorted(order), cap: undefined };
}

/** Reviews every program that has passed the computed checks; the replies stand at the places of their programs. */
async function reviewAll(judged: readonly Judged[], attempt: number, context: DesignContext) {
  const { taskModel } = context;
  const placed = judged.flatMap((entry, index) => {
    const question = reviewQuestion(entry, attempt, context);
    return question === undefined ? [] : [{ index, question }];
  });
  const { replies, cap } = await taskModel.askAll(placed.map(({ question }) => question));
  const at = new Map(placed.map(({ index }, position) => [index, replies[position]]));
  return { replies: judged.map((_, index) => at.get(index)), cap };
}
