import type { Environment } from '@rewardsmith/contracts';
import { type Numbers, type Random, type Trial, tune } from '@rewardsmith/evolution';
import { compile, liftLiterals, withParams } from '@rewardsmith/language';
import type { CandidateRow } from '@rewardsmith/store';

/** A program that its parent differs from in its numbers alone. */
export interface TunedProgram {
  readonly source: string;
  readonly thought: string;
}

/** A program with all of its numbers in `params`, and what is the same in every program that differs in them alone. */
interface Family {
  readonly source: string;
  readonly numbers: Numbers;
  readonly shape: string;
}

function familyOf(source: string, environment: Environment): Family | undefined {
  const compilation = compile(source, environment);
  if (!compilation.ok) return undefined;
  const lifted = liftLiterals(compilation.program).source;
  const again = compile(lifted, environment);
  if (!again.ok || again.program.params.size === 0) return undefined;
  const numbers = again.program.params;
  // Numbers all different, so that no two terms fall together that are not the same.
  const levelled = withParams(lifted, new Map([...numbers.keys()].map((name, index) => [name, index + 2])));
  const shape = levelled.ok ? compile(levelled.source, environment) : undefined;
  return shape?.ok ? { source: lifted, numbers, shape: shape.program.hash } : undefined;
}

function changes(from: Numbers, to: Numbers): string {
  return [...to]
    .flatMap(([name, value]) => (value === from.get(name) ? [] : `${name} ${from.get(name)} to ${value}`))
    .join(', ');
}

/**
 * Up to `count` programs that differ from the parent in their numbers alone: those in `params`, and those that it holds inside,
 * lifted there. Learns from every trained candidate of the same shape, by its fitness on the seed that all share. Nothing where
 * the parent has no number to vary.
 */
export function tunedPrograms(
  parent: CandidateRow,
  rows: readonly CandidateRow[],
  environment: Environment,
  count: number,
  random: Random,
): readonly TunedProgram[] {
  const own = familyOf(parent.source, environment);
  if (own === undefined) return [];
  const alike = rows.filter((row) => row.components.join() === parent.components.join());
  const trials = alike.flatMap((row): readonly Trial[] => {
    const fitness = row.fitness?.values[0];
    const family = fitness === undefined ? undefined : familyOf(row.source, environment);
    return fitness === undefined || family?.shape !== own.shape ? [] : [{ numbers: family.numbers, fitness }];
  });
  if (trials.length === 0) return [];
  return tune(own.numbers, trials, count, random).flatMap((numbers) => {
    const written = withParams(own.source, numbers);
    return written.ok ? [{ source: written.source, thought: `Tunes ${changes(own.numbers, numbers)}.` }] : [];
  });
}
