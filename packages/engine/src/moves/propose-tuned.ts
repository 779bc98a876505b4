import type { Environment } from '@rewardsmith/contracts';
import { type Numbers, type Random, type Trial, tune } from '@rewardsmith/evolution';
import type { Compiler, ProgramFamily } from '@rewardsmith/sandbox';
import type { CandidateRow } from '@rewardsmith/store';
import { limits } from '../limits.ts';

/** A program that its parent differs from in its numbers alone. */
export interface TunedProgram {
  readonly source: string;
  readonly thought: string;
}

/** What of each candidate can be tuned, where anything can. */
async function familiesOf(
  rows: readonly CandidateRow[],
  environment: Environment,
  compiler: Compiler,
): Promise<ReadonlyMap<CandidateRow, ProgramFamily>> {
  const families = new Map<CandidateRow, ProgramFamily>();
  for (const row of rows) {
    const family = await compiler.family({ source: row.source, environment }, limits.tunedNumbers);
    if (family !== undefined) families.set(row, family);
  }
  return families;
}

function changes(from: Numbers, to: Numbers): string {
  return [...to]
    .flatMap(([name, value]) => (value === from.get(name) ? [] : `${name} ${from.get(name)} to ${value}`))
    .join(', ');
}

/** The trained candidates that a tuning learns from: the best, and the latest. */
function learnedFrom(parent: CandidateRow, rows: readonly CandidateRow[]): readonly CandidateRow[] {
  const alike = rows.filter((row) => row.fitness !== null && row.components.join() === parent.components.join());
  const best = alike.toSorted((a, b) => (b.fitness?.mean ?? 0) - (a.fitness?.mean ?? 0));
  const half = limits.tuningTrials / 2;
  return [...new Set([parent, ...best.slice(0, half), ...alike.slice(-half)])];
}

/**
 * Programs that differ from the parent in their numbers alone, made as they are asked for: those in `params`, and those that it
 * holds inside, lifted there. Learns from trained candidates of the same shape, by what the first training showed, which all share. None
 * where the parent has no number to vary.
 */
export async function* tunedPrograms(
  parent: CandidateRow,
  rows: readonly CandidateRow[],
  environment: Environment,
  random: Random,
  compiler: Compiler,
): AsyncGenerator<TunedProgram> {
  const families = await familiesOf(learnedFrom(parent, rows), environment, compiler);
  const own = families.get(parent);
  if (own === undefined) return;
  const names = [...own.numbers.keys()];
  const trials = learnedFrom(parent, rows).flatMap((row): readonly Trial[] => {
    const fitness = row.runs[0]?.fitness;
    const family = families.get(row);
    if (fitness === undefined || family?.shape !== own.shape) return [];
    // One shape has one order of numbers; what they are called is each program's own.
    const values = [...family.numbers.values()];
    return [{ numbers: new Map(names.map((name, index) => [name, values[index] ?? 0])), fitness }];
  });
  if (trials.length === 0) return;
  for (const numbers of tune(own.numbers, trials, random)) {
    const source = await compiler.renumbered({ source: own.source, environment }, numbers);
    if (source !== undefined) yield { source, thought: `Tunes ${changes(own.numbers, numbers)}.` };
  }
}
