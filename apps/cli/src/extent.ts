import type { Task } from '@rewardsmith/contracts';
import { confirmationTrainings } from '@rewardsmith/engine/confirmation';
import { limits } from '@rewardsmith/engine/limits';
import { builtinEnvironments } from '@rewardsmith/environments';
import type { Progress } from './progress.ts';

/** What a task will do in all, in training runs: what the time left is reckoned from. */
export interface Extent {
  readonly generations: number;
  readonly population: number;
  /** Training runs that a candidate is expected to take, on average. */
  readonly seeds: number;
  /** Training runs after the search: confirmation of the finalists, and the closing comparison. */
  readonly closingRuns: number;
  /** Seconds that a training run is expected to take, before any has been measured; runs side by side share them. */
  readonly expectedSeconds: number;
}

/** Environment steps a second that one core trains, as docs/decisions/0002 measures it: the middle of 0.4 to 3 million. */
const expectedStepsPerSecond = 0.9e6;
/** What the expectation counts beside runs that have been measured. */
const expectationWeight = 2;

/** The extent of a task that is worked on by `cores` runners. */
export function extentOf({ environment, submission }: Task, cores: number): Extent {
  const { generations, population, finalists, race, raceShare } = submission.search;
  const { training } = submission.evaluator;
  const usual = builtinEnvironments.get(environment)?.training;
  const confirmed = Math.min(finalists, generations * population);
  const seeds = training.seeds ?? usual?.seeds ?? 1;
  const environmentSteps = training.environmentSteps ?? usual?.environmentSteps ?? 0;
  return {
    generations,
    population,
    // The share of a generation that is promoted, and the best so far once more.
    seeds: race && seeds > 1 ? 1 + raceShare + 1 / population : seeds,
    closingRuns: confirmationTrainings(confirmed) + 3 * limits.heldOutSeeds,
    expectedSeconds: environmentSteps / (expectedStepsPerSecond * cores),
  };
}

/** Seconds left, at the pace so far and `idleSeconds` after the last news. */
export function secondsLeft(progress: Progress, extent: Extent, idleSeconds: number): number {
  if (progress.phase === 'ended') return 0;
  const searched = progress.runs;
  const searchRuns = progress.phase === 'closing' ? searched : extent.generations * extent.population * extent.seeds;
  const done = searched + progress.closing.done;
  const left = Math.max(0, searchRuns - searched) + Math.max(0, extent.closingRuns - progress.closing.done);
  const pace = (expectationWeight * extent.expectedSeconds + progress.seconds) / (expectationWeight + done);
  return Math.max(left > 0 ? pace : 0, left * pace - idleSeconds);
}
