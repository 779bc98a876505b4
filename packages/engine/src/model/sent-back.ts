import type { RefusedProgram } from '@rewardsmith/designer';
import { untrusted } from '@rewardsmith/llm';
import type { Proposed } from '../moves/proposed.ts';
import { isExtraPrograms, notGivenAgain } from './bad-answer.ts';
import { quotable } from './quotable.ts';
import type { DesignSlot } from './slots.ts';

/** A program that goes back to its designer. */
export interface SentBack extends RefusedProgram {
  /** A review alone refused it: the same program given once more stands, since two models' words are against each other. */
  readonly byReview: boolean;
}

/** What a refused answer, or the refused part of one, leaves for its repair. */
export interface Refused {
  /** What is wrong is the answer as a whole: the same question is asked again, with the fault beside it. */
  readonly again: boolean;
  readonly thought: string;
  readonly programs: readonly SentBack[];
  /** Programs of the slot that were accepted. */
  readonly kept: number;
}

export interface OpenSlot {
  readonly slot: DesignSlot;
  readonly refused: Refused | undefined;
}

/** A program of an answer, as it came out, with its place. */
export interface Outcome {
  readonly place: RefusedProgram['place'];
  readonly proposed: Proposed;
}

/** A program can be repaired; what holds none, or one that is known already, is asked for again. */
function cannotBeRepaired({ critique, refusedBy }: Proposed): boolean {
  return refusedBy === 'answer' || refusedBy === 'duplicates' || critique.some(({ code }) => code === 'no-program');
}

/** Programs that were sent back and that the repair left out, not for want of room. */
function leftOut(answer: readonly Outcome[], before: Refused | undefined): readonly SentBack[] {
  if (before === undefined || before.again) return [];
  if (answer.some(({ proposed }) => proposed.critique.some(isExtraPrograms))) return [];
  const given = new Set(answer.map(({ place }) => place.number));
  const missing = notGivenAgain();
  return before.programs
    .filter(({ place }) => !given.has(place.number))
    .map((program) => ({
      ...program,
      findings: [missing, ...program.findings.filter(({ code }) => code !== missing.code)],
    }));
}

/** What of an answer goes back, and nothing when all of it was accepted, or what was refused is what was refused before. */
export function sentBack(answer: readonly Outcome[], before: Refused | undefined): Refused | undefined {
  const last = before?.programs.at(-1);
  const unread = answer.find(({ proposed }) => proposed.refusedBy === 'answer')?.proposed;
  if (before !== undefined && last !== undefined && !before.again && unread !== undefined) {
    // The repair is still owed; what kept its answer from being read stands beside it.
    const findings = [...last.findings, ...unread.critique.map(quotable)];
    return { ...before, programs: [...before.programs.slice(0, -1), { ...last, findings }] };
  }
  const refused = answer.filter(({ proposed }) => proposed.accepted === undefined);
  const kept = (before?.kept ?? 0) + answer.length - refused.length;
  // Told what is wrong with a program, the model has given it once more: another call would be wasted.
  const known = new Set(before?.programs.flatMap(({ source }) => (source === '' ? [] : [source])));
  const news = refused.filter(({ proposed }) => !known.has(proposed.source));
  const still = leftOut(answer, before);
  const [first] = news;
  const thought = first === undefined ? before?.thought : untrusted(first.proposed.thought);
  if (thought === undefined || news.length + still.length === 0) return undefined;
  const back = news.map(({ place, proposed }) => ({
    place,
    byReview: proposed.refusedBy === 'review',
    source: proposed.source,
    findings: proposed.critique.map(quotable),
  }));
  return {
    again: kept === 0 && still.length === 0 && news.every(({ proposed }) => cannotBeRepaired(proposed)),
    thought,
    programs: [...back, ...still].toSorted((a, b) => a.place.number - b.place.number),
    kept,
  };
}

/** The slots that are asked again: those without a program, and of the others as many as there are trainings left for. */
export function affordable(open: readonly OpenSlot[], most: number, trainable: number): readonly OpenSlot[] {
  const hasOne = ({ refused }: OpenSlot) => refused !== undefined && refused.kept > 0;
  const without = open.filter((slot) => !hasOne(slot));
  const others = open.filter(hasOne).slice(0, Math.max(0, trainable - without.length));
  return [...without, ...others].slice(0, Math.max(0, most));
}
