import type { Finding } from '@rewardsmith/contracts';
import type { AnalysisInput, FailureMode } from './analysis.ts';
import { drifted, saturatedAction, stuck } from './behaviour-modes.ts';
import { rewardAgainstFitness, rewardWithoutFitness } from './checkpoint-modes.ts';
import { dominatingComponent, flatComponent } from './component-modes.ts';
import { approachedAndLost, neverApproached, reachedAndLost } from './goal-modes.ts';
import { idle, oscillating } from './motion-modes.ts';
import { endedEarly, neverReached } from './outcome-modes.ts';

/** The failure taxonomy, most telling first; docs/failure-taxonomy.md lists the codes. */
const failureModes: readonly FailureMode[] = [
  rewardAgainstFitness,
  rewardWithoutFitness,
  neverReached,
  neverApproached,
  approachedAndLost,
  reachedAndLost,
  endedEarly,
  idle,
  oscillating,
  stuck,
  drifted,
  saturatedAction,
  flatComponent,
  dominatingComponent,
];

/** What is said by the environment's success condition, and so nothing of a task with a fitness of its own. */
const bySuccess: ReadonlySet<FailureMode> = new Set([
  neverReached,
  neverApproached,
  approachedAndLost,
  reachedAndLost,
  endedEarly,
]);

/** In a task with a fitness of its own those episodes fail that do no better than a policy that does nothing. */
function byOwnFitness(input: AnalysisInput): AnalysisInput {
  if (input.ownFitness !== true) return input;
  const nothing = Math.min(
    ...input.runs.map(
      ({ untrainedFitness, checkpoints, fitness }) => untrainedFitness ?? checkpoints[0]?.fitness ?? fitness,
    ),
  );
  return { ...input, episodes: input.episodes.map((each) => ({ ...each, succeeded: each.fitness > nothing })) };
}

/** Explains how a trained candidate fails. It invents nothing: each finding carries the numbers it rests on. */
export function analyze(input: AnalysisInput): readonly Finding[] {
  const told = failureModes.filter((mode) => !(input.ownFitness && bySuccess.has(mode)));
  const judged = byOwnFitness(input);
  return told.flatMap((mode) => mode(judged));
}
