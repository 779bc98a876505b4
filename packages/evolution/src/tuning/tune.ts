import { normal, type Random, uniform } from '../random.ts';
import { expectedImprovement } from './expected-improvement.ts';
import { gaussianProcess } from './gaussian-process.ts';

/** The tunable numbers of a program, by name. */
export type Numbers = ReadonlyMap<string, number>;

/** Numbers that a program was trained with, and the fitness that came of it. */
export interface Trial {
  readonly numbers: Numbers;
  readonly fitness: number;
}

/** A number is varied by at most this factor either way; one that is zero, between minus and plus one. */
const REACH = 10;
/** Points that are weighed for every proposal, and the share of them that lies anywhere in the space. */
const POINTS = 256;
const GLOBAL_SHARE = 0.25;
/** Standard deviation of a step from the best trial, where the space reaches from -1 to 1. */
const STEP = 0.25;

/** A place in the space, one number in [-1, 1] a tunable number: the logarithm of its factor on the base. */
function place(base: Numbers, numbers: Numbers): readonly number[] {
  return [...base].map(([name, from]) => {
    const value = numbers.get(name) ?? from;
    if (from === 0) return value;
    return value / from > 0 ? Math.log(value / from) / Math.log(REACH) : -1;
  });
}

/** Three significant digits: what a person would write, and as fine as training can tell. */
const rounded = (value: number): number => Number(value.toPrecision(3));

function numbersAt(base: Numbers, point: readonly number[]): Numbers {
  return new Map(
    [...base].map(([name, from], index) => {
      const at = point[index] ?? 0;
      return [name, rounded(from === 0 ? at : from * REACH ** at)];
    }),
  );
}

const clamped = (value: number): number => Math.max(-1, Math.min(1, value));

/** A step from `centre`: one coordinate surely, the others as likely as not, since few numbers matter at once. */
function near(centre: readonly number[], random: Random): readonly number[] {
  const sure = Math.floor(uniform(random) * centre.length);
  return centre.map((at, index) =>
    index === sure || uniform(random) < 0.5 ? clamped(at + STEP * normal(random)) : at,
  );
}

/**
 * Proposes settings of a program's numbers without end, the best use of trials first: Bayesian optimisation over the logarithm of
 * each number (a Gaussian process, expected improvement; Jones, Schonlau and Welch 1998), several at once by taking the
 * prediction for what was proposed before (Ginsbourger, Le Riche and Carraro 2010). `base` has at least one number, `trials` at
 * least one entry; numbers lie within a factor of 10 of the base, which is the centre of the space.
 */
export function* tune(base: Numbers, trials: readonly Trial[], random: Random): Generator<Numbers, never> {
  const points = trials.map(({ numbers }) => place(base, numbers));
  const values = trials.map(({ fitness }) => fitness);
  for (;;) {
    const best = Math.max(...values);
    const centre = points[values.indexOf(best)] ?? [];
    const process = gaussianProcess(points, values);
    const weighed = Array.from({ length: POINTS }, (_, index) => {
      const point = index < POINTS * GLOBAL_SHARE ? centre.map(() => 2 * uniform(random) - 1) : near(centre, random);
      return { point, gain: expectedImprovement(process.predict(point), best) };
    });
    const { point } = weighed.reduce((a, b) => (b.gain > a.gain ? b : a));
    yield numbersAt(base, point);
    points.push(point);
    values.push(process.predict(point).mean);
  }
}
