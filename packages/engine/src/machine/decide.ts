import type { CandidateStatus, SearchSettings, StopReason, TaskStatus } from '@rewardsmith/contracts';
import { enough, race } from '@rewardsmith/evolution';
import { limits } from '../limits.ts';
import { nextRound } from './confirmation.ts';
import { handicap } from './flags.ts';
import { mean } from './mean.ts';
import type { StepInput, Subject } from './steps.ts';

/** A candidate as the machine sees it. */
export interface MachineCandidate {
  readonly id: string;
  readonly generation: number;
  readonly index: number;
  readonly status: CandidateStatus;
  readonly fitness: number | null;
  /** Fitness by training seed, of whole trainings where it had any. */
  readonly values: readonly number[];
  /** Fitness of its first training, which may be short, and which all candidates share. */
  readonly screened?: number;
  /** Which policies that went through: of one path, rewards have ranked all policies of that training alike. */
  readonly path?: string;
  /** Search trainings that it has had, short ones included. */
  readonly trainings: number;
  /** Whether an error stands against it: it goes behind unflagged candidates of comparable fitness. */
  readonly flagged: boolean;
}

/** How many steps of each phase exist and how many of them are still open. */
export interface PhaseProgress {
  readonly total: number;
  readonly open: number;
}

/** All that the next move of a task depends on. */
export interface MachineState {
  readonly status: TaskStatus;
  /** Generations proposed so far. */
  readonly generation: number;
  readonly search: SearchSettings;
  readonly stopReason: StopReason | null;
  /** Search trainings that still fit under the cap of environment steps. */
  readonly trainingsLeft: number;
  /** What screening one candidate costs, in whole trainings. */
  readonly screeningCost: number;
  /** Training seeds of a candidate before its race, and at most. */
  readonly firstSeeds: number;
  readonly seeds: number;
  /** The cap of the budget that is reached by now, if one is. */
  readonly capReached: StopReason | undefined;
  readonly candidates: readonly MachineCandidate[];
  readonly propose: PhaseProgress;
  readonly searchTraining: PhaseProgress;
  /** Generations whose race is over: some candidate of theirs was trained beyond its first seed. */
  readonly raced: ReadonlySet<number>;
  readonly judging: PhaseProgress;
  /** Generations whose candidates have been judged beside each other, and -1 once the closing comparison has. */
  readonly judged: ReadonlySet<number>;
  readonly confirmation: PhaseProgress;
  readonly heldOut: PhaseProgress;
  /** Fitness of finalists by confirmation seed, by candidate. */
  readonly confirmed: ReadonlyMap<string, readonly number[]>;
  /** Finalists that win on the published dynamics and lose on varied ones. */
  readonly overfitted: ReadonlySet<string>;
}

export type Move =
  | { readonly kind: 'wait' }
  | { readonly kind: 'propose'; readonly generation: number }
  | { readonly kind: 'judge'; readonly generation: number | null }
  | {
      readonly kind: 'race';
      readonly generation: number;
      readonly promoted: readonly string[];
      readonly heldBack: number;
      /** The best so far, when it is trained on one more of its seeds. */
      readonly again: { readonly candidateId: string; readonly seedIndex: number } | undefined;
    }
  | {
      readonly kind: 'confirm';
      readonly reason: StopReason;
      readonly candidateIds: readonly string[];
      /** Confirmation seeds, `from` up to `to`. */
      readonly from: number;
      readonly to: number;
    }
  | { readonly kind: 'measure'; readonly reason: StopReason; readonly bestCandidateId: string }
  | { readonly kind: 'complete'; readonly bestCandidateId: string }
  | { readonly kind: 'fail'; readonly reason: StopReason; readonly failure: string };

type Measured = MachineCandidate & { readonly fitness: number };

/**
 * Best first, those trained in full before those that were only screened, flagged ones with a handicap; ties go to
 * the older candidate, so that the order never depends on the order of arrival.
 */
export function ranking(candidates: readonly MachineCandidate[]): readonly Measured[] {
  const inFull = (candidate: MachineCandidate) => (candidate.status === 'evaluated' ? 0 : 1);
  const lowered = handicap(candidates);
  return candidates
    .filter((c): c is Measured => (c.status === 'evaluated' || c.status === 'screened') && c.fitness !== null)
    .toSorted(
      (a, b) => inFull(a) - inFull(b) || lowered(b) - lowered(a) || a.generation - b.generation || a.index - b.index,
    );
}

/** Contenders, those marked whose short training went the way of one before: a better contender's, or one's that is trained in full. */
function withCopies(
  contenders: readonly MachineCandidate[],
  measured: readonly MachineCandidate[],
): readonly (MachineCandidate & { readonly copy: boolean })[] {
  const order = ranking(contenders);
  return order.map((each, place) => ({
    ...each,
    copy: each.path !== undefined && [...measured, ...order.slice(0, place)].some((other) => other.path === each.path),
  }));
}

/**
 * The race of the latest generation, when it has been screened and not raced: who goes on is trained in full on one more seed, as far as
 * the budget allows. So is the best so far, until it has had all of its seeds: what led by luck does not lead for long.
 */
function pendingRace(state: MachineState): Move | undefined {
  const { candidates, generation, raced } = state;
  const latest = generation - 1;
  if (raced.has(latest)) return undefined;
  const contenders = candidates.filter((each) => each.generation === latest && each.status === 'screened');
  if (contenders.length === 0) return undefined;
  const measured = candidates.filter((each) => each.status === 'evaluated');
  const affordable = Math.floor(state.trainingsLeft);
  const promoted = race(withCopies(contenders, measured), measured, {
    share: state.search.raceShare,
    deviations: limits.raceDeviations,
  }).slice(0, affordable);
  if (promoted.length === 0) return undefined;
  const [best] = ranking(measured);
  const open = best !== undefined && best.trainings < state.seeds && promoted.length < affordable;
  const again = open ? { candidateId: best.id, seedIndex: best.trainings } : undefined;
  return { kind: 'race', generation: latest, promoted, heldBack: contenders.length - promoted.length, again };
}

/** The latest generation, when its candidates have been measured and not yet been judged beside each other. */
function pendingJudgement({ candidates, generation, judged }: MachineState): Move | undefined {
  const latest = generation - 1;
  const measured = candidates.some((each) => each.generation === latest && each.fitness !== null);
  return measured && !judged.has(latest) ? { kind: 'judge', generation: latest } : undefined;
}

/** Confirmation seeds that finalists have been trained on by now. */
function confirmedSeeds({ confirmed }: MachineState): number {
  return Math.max(0, ...[...confirmed.values()].map((values) => values.length));
}

/**
 * The finalists of the latest round by the mean over their whole trainings, those of the search and of their confirmation, flagged ones
 * with a handicap; those whose confirmation failed are out. That the former chose them is no reason to leave those out: under one prior and
 * one noise, posterior means of as many values have the order of these means, however they were chosen.
 */
function confirmedOrder(state: MachineState): readonly string[] {
  const { candidates, confirmed, overfitted } = state;
  const done = confirmedSeeds(state);
  const measured = (candidate: MachineCandidate) => {
    const searched = candidate.status === 'evaluated' ? candidate.values : [];
    const values = [...searched, ...(confirmed.get(candidate.id) ?? [])];
    const fitness = values.length === 0 ? null : mean(values);
    return { values, fitness, flagged: candidate.flagged || overfitted.has(candidate.id) };
  };
  const lowered = handicap(candidates.map(measured));
  const standing = (candidate: Measured) => lowered(measured(candidate));
  const order = ranking(candidates).filter((candidate) => confirmed.get(candidate.id)?.length === done);
  return order.toSorted((a, b) => standing(b) - standing(a)).map(({ id }) => id);
}

/** The next round between those that are left of the finalists; nothing when it has been decided. */
function nextConfirmation(state: MachineState, reason: StopReason, left: readonly string[]): Move | undefined {
  const round = nextRound(Math.min(state.search.finalists, ranking(state.candidates).length), confirmedSeeds(state));
  const candidateIds = left.slice(0, round?.finalists);
  return round === undefined || candidateIds.length < 2
    ? undefined
    : { kind: 'confirm', reason, candidateIds, from: round.from, to: round.to };
}

function stop(state: MachineState, reason: StopReason): Move {
  const finalists = ranking(state.candidates)
    .slice(0, state.search.finalists)
    .map((candidate) => candidate.id);
  const first = finalists[0];
  if (first === undefined) {
    return {
      kind: 'fail',
      reason: reason === 'generations' ? 'no-candidate' : reason,
      failure: 'No candidate passed the critic and trained a policy; the critiques of the refused ones say why.',
    };
  }
  return nextConfirmation(state, reason, finalists) ?? { kind: 'measure', reason, bestCandidateId: first };
}

/** The next move of a task. Pure: the same state gives the same move, whoever asks and however often. */
export function decide(state: MachineState): Move {
  switch (state.status) {
    case 'paused':
    case 'completed':
    case 'failed':
    case 'cancelled':
      return { kind: 'wait' };
    case 'queued':
    case 'running':
    case 'finishing':
      return decideActive(state);
  }
}

/** What the search does next; it ends where it has found enough, or its generations or its budget are used up. */
function searchOn(state: MachineState): Move {
  const measured = state.candidates.filter((c): c is Measured => c.status === 'evaluated' && c.fitness !== null);
  const found = enough(measured, state.generation, state.search);
  if (found !== undefined) return stop(state, found);
  if (state.generation >= state.search.generations) return stop(state, 'generations');
  if (state.trainingsLeft < state.screeningCost) return stop(state, 'budget-environment-steps');
  return { kind: 'propose', generation: state.generation };
}

function decideActive(state: MachineState): Move {
  const phases = [state.propose, state.searchTraining, state.judging, state.confirmation, state.heldOut];
  if (phases.some((phase) => phase.open > 0)) {
    return { kind: 'wait' };
  }
  if (state.stopReason === null) {
    if (state.capReached !== undefined) return pendingJudgement(state) ?? stop(state, state.capReached);
    return pendingRace(state) ?? pendingJudgement(state) ?? searchOn(state);
  }
  const order = state.confirmation.total === 0 ? ranking(state.candidates).map(({ id }) => id) : confirmedOrder(state);
  const [best] = order;
  if (best === undefined) {
    return {
      kind: 'fail',
      reason: 'no-candidate',
      failure: 'Every finalist failed when it was trained again on fresh seeds.',
    };
  }
  if (state.heldOut.total === 0 && state.confirmation.total > 0) {
    const next = nextConfirmation(state, state.stopReason, order);
    if (next !== undefined) return next;
  }
  if (state.heldOut.total === 0) return { kind: 'measure', reason: state.stopReason, bestCandidateId: best };
  return state.judged.has(-1) ? { kind: 'complete', bestCandidateId: best } : { kind: 'judge', generation: null };
}

/** The training steps that rank candidates, choose between finalists, or close the task: seeds `from` up to `to`. */
export function trainingSteps(
  purpose: 'search' | 'confirmation' | 'held-out',
  subjects: readonly Subject[],
  to: number,
  from = 0,
): readonly StepInput[] {
  return subjects.flatMap((subject) =>
    Array.from(
      { length: to - from },
      (_, place): StepInput => ({ kind: 'train', purpose, subject, seedIndex: from + place }),
    ),
  );
}
