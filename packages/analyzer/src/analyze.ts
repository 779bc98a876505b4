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

/** Explains how a trained candidate fails. It invents nothing: each finding carries the numbers it rests on. */
export function analyze(input: AnalysisInput): readonly Finding[] {
  return failureModes.flatMap((mode) => mode(input));
}
