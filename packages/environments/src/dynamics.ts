import { type Random, uniform } from './random.ts';

/** One number of the dynamics: its published value, and the range in which the task remains the same task. */
export interface DynamicsConstant {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** The numbers of a simulator that may be varied, by name. */
export type Dynamics<Name extends string = string> = Readonly<Record<Name, DynamicsConstant>>;

/** Other values for some of them. */
export type Variation = Readonly<Record<string, number>>;

const DEFAULT_SHARE = 0.2;

/** Numbers that may be varied by a share of their value to either side, 20% unless said otherwise. */
export function around<Name extends string>(values: Readonly<Record<Name, number>>, share = DEFAULT_SHARE) {
  return mapValues(values, (value): DynamicsConstant => {
    const reach = Math.abs(value) * share;
    return { value, low: value - reach, high: value + reach };
  });
}

/** The numbers of one simulator. Throws a `RangeError` for a name that is not declared and a value outside its range. */
export function settle<Name extends string>(dynamics: Dynamics<Name>, variation: Variation = {}): Record<Name, number> {
  for (const name of Object.keys(variation)) {
    if (Object.hasOwn(dynamics, name)) continue;
    throw new RangeError(`no dynamics constant "${name}"; there are ${Object.keys(dynamics).join(', ')}`);
  }
  return mapValues(dynamics, ({ value, low, high }, name) => {
    const varied = variation[name] ?? value;
    if (varied >= low && varied <= high) return varied;
    throw new RangeError(`dynamics constant "${name}" is ${varied}, outside ${low} to ${high}`);
  });
}

/**
 * Every number drawn from its range: as likely to be made larger as smaller by the same factor (log-uniform), and uniform
 * where the range reaches zero.
 */
export function drawVariation(dynamics: Dynamics, random: Random): Variation {
  return mapValues(dynamics, ({ low, high }) => {
    const drawn = low > 0 ? Math.exp(uniform(random, Math.log(low), Math.log(high))) : uniform(random, low, high);
    return Math.min(Math.max(drawn, low), high);
  });
}

function mapValues<Name extends string, From, To>(
  record: Readonly<Record<Name, From>>,
  change: (value: From, name: string) => To,
): Record<Name, To>;
function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  change: (value: From, name: string) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value, name)]));
}
