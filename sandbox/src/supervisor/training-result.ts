import { LabelledEpisode, TrainingRun } from '@rewardsmith/contracts';
import type { TrainingResult } from '@rewardsmith/training';

/** Episodes that a training may send back: best, worst and median, and one under varied dynamics. */
const EPISODES = 4;

/** What is wrong with a result that came out of a runner. */
class Malformed extends Error {}

/** A training result as it came out of a runner, or the first thing that is wrong with it: every number is finite. */
export function readTrainingResult(value: unknown): TrainingResult | { readonly wrong: string } {
  try {
    const { run, episodes, policy, nonFiniteReturns } = record(value);
    return {
      run: parsed(TrainingRun, run),
      episodes: list(episodes, EPISODES).map((episode) => parsed(LabelledEpisode, episode)),
      policy: list(policy, Number.POSITIVE_INFINITY).map(finite),
      nonFiniteReturns: finite(nonFiniteReturns),
    };
  } catch (error) {
    if (error instanceof Malformed) return { wrong: error.message };
    throw error;
  }
}

function record(value: unknown): Record<'run' | 'episodes' | 'policy' | 'nonFiniteReturns', unknown> {
  if (typeof value !== 'object' || value === null) throw new Malformed('no result');
  return { run: undefined, episodes: undefined, policy: undefined, nonFiniteReturns: undefined, ...value };
}

function list(value: unknown, longest: number): readonly unknown[] {
  if (!Array.isArray(value) || value.length > longest) throw new Malformed('a list of another length');
  return value;
}

function finite(value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw new Malformed(`${String(value)} where a number belongs`);
  return value;
}

interface Schema<T> {
  safeParse(value: unknown): { success: true; data: T } | { success: false; error: { issues: readonly Issue[] } };
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

function parsed<T>(schema: Schema<T>, value: unknown): T {
  const outcome = schema.safeParse(value);
  if (outcome.success) return outcome.data;
  const [issue] = outcome.error.issues;
  throw new Malformed(`${issue?.path.map(String).join('.')}: ${issue?.message}`.slice(0, 200));
}
