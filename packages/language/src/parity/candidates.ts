import { boundAt, type ColumnReference, columnLayout, type Environment } from '@rewardsmith/contracts';

/** A seeded generator: numbers in [0, 1). */
export type Random = () => number;

/** A linear congruential generator (Numerical Recipes): small, and the same everywhere. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

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

/** Where bounds are missing. */
const WIDTH = 3;

/** What one column of a row may hold. */
interface Domain {
  readonly kind: 'flag' | 'choice' | 'number';
  readonly low: number;
  readonly high: number;
}

/** Draws rows of an environment: within the declared bounds and at them, near a program's own numbers, hostile ones. */
export class Candidates {
  readonly layout: readonly ColumnReference[];
  readonly #domains: readonly Domain[];
  readonly #numbers: readonly number[];
  readonly #random: Random;

  /** `numbers` are those that the program compares with; `indices` are the last entries of tables, by column. */
  constructor(
    environment: Environment,
    numbers: readonly number[],
    indices: ReadonlyMap<number, number>,
    random: Random,
  ) {
    this.layout = columnLayout(environment);
    this.#domains = this.layout.map((column, place) => {
      const domain = domainOf(environment, column);
      const last = indices.get(place);
      if (last === undefined || domain.kind === 'flag') return domain;
      // One past the last, for programs that ask before they look up.
      return { kind: 'choice', low: 0, high: domain.kind === 'choice' ? domain.high : last + 1 };
    });
    this.#numbers = numbers;
    this.#random = random;
  }

  below(count: number): number {
    return Math.floor(this.#random() * count);
  }

  /** A row, with hostile numbers strewn in on the share `hostile` of its columns. */
  row(hostile: number): Float64Array {
    return Float64Array.from(this.layout, (_, index) => this.entry(index, hostile));
  }

  entry(index: number, hostile: number): number {
    const { kind, low, high } = this.#domains[index] ?? { kind: 'flag', low: 0, high: 1 };
    const random = this.#random;
    if (kind === 'flag') return random() < 0.5 ? 1 : 0;
    if (kind === 'choice') return low + this.below(high - low + 1);
    if (random() < hostile) return hostileNumbers[this.below(hostileNumbers.length)] ?? 0;
    const choice = random();
    if (choice > 0.96) return low;
    if (choice > 0.92) return high;
    if (choice > 0.84) return (low + high) / 2 + (random() - 0.5) * 0.1 * (high - low);
    if (choice > 0.78) return this.#near();
    return low + random() * (high - low);
  }

  /** One of the program's own numbers, or one beside it. */
  #near(): number {
    const base = this.#numbers[this.below(this.#numbers.length)] ?? 0;
    const side = this.below(3) - 1;
    return base + side * (Math.abs(base) * 0.01 + 1e-3) * this.#random();
  }

  /** A row with one of `columns` changed: drawn anew, moved a little, or as it was in the other role. */
  changed(row: Float64Array, columns: readonly number[]): Float64Array {
    const made = row.slice();
    const index = columns[this.below(columns.length)] ?? 0;
    const { kind } = this.#domains[index] ?? { kind: 'flag' };
    const choice = this.#random();
    if (kind !== 'number' || choice < 0.3) made[index] = this.entry(index, 0);
    else if (choice < 0.4) made[index] = this.#numbers[this.below(this.#numbers.length)] ?? 0;
    else if (choice < 0.9) made[index] = (made[index] ?? 0) + this.step(index);
    else made[index] = made[this.#other(index)] ?? 0;
    return made;
  }

  /**
   * A row with many columns changed alike: brought nearer to 0, set to one number or along one axis,
   * or each as another that is like it.
   */
  changedTogether(row: Float64Array, columns: readonly number[]): Float64Array {
    const numbers = columns.filter((index) => this.#domains[index]?.kind === 'number');
    const field = this.layout[numbers[this.below(numbers.length)] ?? 0];
    const isOne = this.#random() < 0.6;
    const chosen = numbers.filter((index) => !isOne || isSameField(this.layout[index], field));
    const made = row.slice();
    const choice = this.#random();
    const number = hostileNumbers[this.below(hostileNumbers.length)] ?? 0;
    // Small enough for squares to lose their digits: lengths that were made 1 are a little off it then.
    const factor = choice < 0.12 ? 0 : choice < 0.18 ? 1e-160 : (2 * this.#random()) ** 3;
    const partner = this.#partner(numbers, field);
    const [axis, offset] = [this.below(4), this.below(4)];
    for (const index of chosen) {
      // Along one axis: directions and quaternions of length 1.
      if (choice < 0.08)
        made[index] =
          this.layout[index]?.index === (axis + (isSameField(this.layout[index], field) ? 0 : offset)) % 4 ? 1 : 0;
      else if (choice < 0.4) made[index] = (made[index] ?? 0) * factor;
      else if (choice < 0.6) made[index] = number;
      else if (choice < 0.7) made[index] = this.entry(index, 0);
      else {
        const column = this.layout[index];
        const twin = numbers.find(
          (each) => isSameField(this.layout[each], partner) && this.layout[each]?.index === column?.index,
        );
        const near = choice < 0.85 ? 0 : this.step(index) * 0.1;
        made[index] = (made[twin ?? this.#other(index)] ?? 0) + near;
      }
    }
    return made;
  }

  /** A field among the columns that is as long as another, other than it where there is one. */
  #partner(numbers: readonly number[], field: ColumnReference | undefined): ColumnReference | undefined {
    const others = numbers.filter((index) => !isSameField(this.layout[index], field));
    return this.layout[others[this.below(others.length)] ?? -1];
  }

  /** Somewhere between a tenth of what a column spans and a hundred-thousandth, up or down; 0 for flags and choices. */
  step(index: number): number {
    const { kind, low, high } = this.#domains[index] ?? { kind: 'flag', low: 0, high: 1 };
    return kind === 'number' ? (this.#random() - 0.5) * (high - low) * 10 ** (-4 * this.#random()) : 0;
  }

  /** The same entry of the same field in the other role. */
  #other(index: number): number {
    const column = this.layout[index];
    const role = column?.role === 'next' ? 'obs' : 'next';
    const found = this.layout.findIndex(
      (each) => each.role === role && each.field === column?.field && each.index === column.index,
    );
    return found === -1 ? index : found;
  }
}

const isSameField = (a: ColumnReference | undefined, b: ColumnReference | undefined): boolean =>
  a?.role === b?.role && a?.field === b?.field;

function domainOf(environment: Environment, { role, field: name, index }: ColumnReference): Domain {
  const { action } = environment;
  const flag: Domain = { kind: 'flag', low: 0, high: 1 };
  if (role === 'terminated' || role === 'truncated') return flag;
  if (role === 'action') {
    if (action.kind === 'discrete') return { kind: 'choice', low: 0, high: action.n - 1 };
    return { kind: 'number', ...bounds(boundAt(action.low, index), boundAt(action.high, index)) };
  }
  const field = environment.observation.find((each) => each.name === name);
  if (field === undefined || field.unit === 'boolean' || field.unit === 'flag') return flag;
  return { kind: 'number', ...bounds(boundAt(field.low, index), boundAt(field.high, index)) };
}

function bounds(low: number | null, high: number | null): { readonly low: number; readonly high: number } {
  if (low !== null && high !== null) return { low, high };
  if (low !== null) return { low, high: low + 2 * WIDTH };
  return high !== null ? { low: high - 2 * WIDTH, high } : { low: -WIDTH, high: WIDTH };
}
