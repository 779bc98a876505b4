import { type ColumnReference, columnLayout, type Environment } from '@rewardsmith/contracts';

/** How many steps and episodes a rollout can hold. */
export interface RolloutCapacity {
  readonly steps: number;
  readonly episodes: number;
}

const FLOAT_BYTES = Float64Array.BYTES_PER_ELEMENT;
const OFFSET_BYTES = Uint32Array.BYTES_PER_ELEMENT;

const keyOf = ({ role, field }: ColumnReference): string => `${role} ${field}`;

/**
 * Episodes as columns: one `Float64Array` per entry of `columnLayout(environment)`, one number a step, over one
 * `SharedArrayBuffer`, so that an isolate reads them without a copy. Booleans are 0 and 1.
 *
 * A writer fills row `steps` of every column, adds 1 to `steps`, and calls `endEpisode` after an episode's last step.
 * Steps of episode e stand from `episodeOffsets[e]` up to, not including, `episodeOffsets[e + 1]`.
 * One allocation is filled many times: `clear` forgets the episodes and keeps the memory. A rollout that will not be
 * written to again is sealed, so that readers may remember what they have made of it.
 */
export class Rollout {
  readonly environment: Environment;
  readonly capacity: RolloutCapacity;
  readonly layout: readonly ColumnReference[];
  readonly buffer: SharedArrayBuffer;
  /** All columns as one: row r of column c stands at `c * capacity.steps + r`. For writers that fill every column of a row. */
  readonly values: Float64Array;
  readonly episodeOffsets: Uint32Array;
  /** Rows written so far. */
  steps = 0;
  /** Episodes ended so far. */
  episodes = 0;
  #sealed = false;
  /** Made when they are asked for: an environment may have a hundred thousand, of which a reward reads three. */
  #columns: readonly Float64Array[] | undefined;
  #firsts: ReadonlyMap<string, number> | undefined;

  private constructor(environment: Environment, capacity: RolloutCapacity, buffer: SharedArrayBuffer) {
    this.environment = environment;
    this.capacity = capacity;
    this.layout = columnLayout(environment);
    this.buffer = buffer;
    this.values = new Float64Array(buffer, 0, this.layout.length * capacity.steps);
    this.episodeOffsets = new Uint32Array(
      buffer,
      this.layout.length * capacity.steps * FLOAT_BYTES,
      capacity.episodes + 1,
    );
  }

  static allocate(environment: Environment, capacity: RolloutCapacity): Rollout {
    return new Rollout(environment, capacity, new SharedArrayBuffer(Rollout.bytes(environment, capacity)));
  }

  /** The size of the buffer that `allocate` takes, in bytes. */
  static bytes(environment: Environment, capacity: RolloutCapacity): number {
    return columnLayout(environment).length * capacity.steps * FLOAT_BYTES + (capacity.episodes + 1) * OFFSET_BYTES;
  }

  /** One view a column, in the layout's order. */
  get columns(): readonly Float64Array[] {
    this.#columns ??= this.layout.map((_, place) => this.#view(place));
    return this.#columns;
  }

  /** The column of one scalar of a step. Throws a `RangeError` when the environment has no such scalar. */
  column(reference: ColumnReference): Float64Array {
    return this.#view(this.#placeOf(reference));
  }

  #view(place: number): Float64Array {
    const { steps } = this.capacity;
    return new Float64Array(this.buffer, place * steps * FLOAT_BYTES, steps);
  }

  #placeOf(reference: ColumnReference): number {
    // Made when it is first asked for: most rollouts that a training fills never are.
    this.#firsts ??= new Map(this.layout.flatMap((entry, place) => (entry.index === 0 ? [[keyOf(entry), place]] : [])));
    const place = (this.#firsts.get(keyOf(reference)) ?? -1) + reference.index;
    const { role, field, index } = reference;
    const found = this.layout[place];
    if (found?.role !== role || found.field !== field || found.index !== index) {
      throw new RangeError(`environment "${this.environment.name}" has no column ${role} ${field} ${index}`);
    }
    return place;
  }

  /** Whether the columns stay as they are from here on. */
  get sealed(): boolean {
    return this.#sealed;
  }

  /** Promises that nobody writes to the columns again. `endEpisode` and `clear` throw from here on. */
  seal(): this {
    this.#sealed = true;
    return this;
  }

  /** Closes the episode whose steps were written since the last call. */
  endEpisode(): void {
    this.#assertOpen();
    if (this.episodes >= this.capacity.episodes || this.steps > this.capacity.steps) {
      throw new RangeError(
        `rollout holds ${this.capacity.episodes} episodes and ${this.capacity.steps} steps; allocate a larger one`,
      );
    }
    this.episodes += 1;
    this.episodeOffsets[this.episodes] = this.steps;
  }

  /** Forgets every episode; the memory stays. */
  clear(): void {
    this.#assertOpen();
    this.steps = 0;
    this.episodes = 0;
    this.episodeOffsets[0] = 0;
  }

  #assertOpen(): void {
    if (this.#sealed) throw new RangeError('the rollout is sealed; allocate another one to write to');
  }

  /** First row and the row after the last of one episode. */
  span(episode: number): readonly [from: number, to: number] {
    const from = this.episodeOffsets[episode];
    const to = this.episodeOffsets[episode + 1];
    if (episode < 0 || episode >= this.episodes || from === undefined || to === undefined) {
      throw new RangeError(`rollout has ${this.episodes} episodes, no episode ${episode}`);
    }
    return [from, to];
  }
}
