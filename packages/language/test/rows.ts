import { boundAt, type ColumnReference, columnLayout, type Environment } from '@rewardsmith/contracts';

/** What breaks careless arithmetic. */
export const hostileNumbers: readonly number[] = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  -0,
  0,
  1e300,
  -1e300,
  5e-324,
  1e-310,
];

/** A small linear congruential generator (Numerical Recipes): numbers in [0, 1). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export interface Rows {
  readonly layout: readonly ColumnReference[];
  readonly columns: readonly Float64Array[];
  readonly length: number;
}

/** Rows inside the declared bounds, at them, and, for the last `hostile` share, with hostile numbers strewn in. */
export function makeRows(environment: Environment, length: number, seed: number, hostile = 0.25): Rows {
  const random = randomNumbers(seed);
  const layout = columnLayout(environment);
  const columns = layout.map((column) =>
    Float64Array.from({ length }, (_, step) => entry(environment, column, step >= length * (1 - hostile), random)),
  );
  return { layout, columns, length };
}

function entry(environment: Environment, column: ColumnReference, hostile: boolean, random: () => number): number {
  const { action } = environment;
  const field = environment.observation.find(({ name }) => name === column.field);
  if (column.role === 'terminated' || column.role === 'truncated') return random() < 0.3 ? 1 : 0;
  if (field?.unit === 'boolean' || field?.unit === 'flag') return random() < 0.5 ? 1 : 0;
  if (column.role === 'action' && action.kind === 'discrete') return Math.floor(random() * action.n);
  const side = (which: 'low' | 'high', fallback: number): number => {
    if (column.role === 'action' && action.kind === 'continuous')
      return boundAt(action[which], column.index) ?? fallback;
    return field === undefined ? fallback : (boundAt(field[which], column.index) ?? fallback);
  };
  const low = side('low', -3);
  const high = side('high', 3);
  const choice = random();
  if (hostile && choice < 0.3) return hostileNumbers[Math.floor(random() * hostileNumbers.length)] ?? 0;
  if (choice > 0.95) return low;
  if (choice > 0.9) return high;
  if (choice > 0.8) return (low + high) / 2 + (random() - 0.5) * 0.1 * (high - low);
  return low + random() * (high - low);
}
