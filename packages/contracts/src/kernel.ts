import type { ColumnReference } from './columns.ts';

/**
 * A reward program as the sandbox runs it: JavaScript text of an expression whose value is a function that labels whole episodes.
 *
 * Calling convention: `(columns, episodeOffsets, episodes, params, outputs) => undefined`, where
 * `columns[i]` is the `Float64Array` of `Kernel.columns[i]`, one entry a step;
 * `episodeOffsets` is a `Uint32Array` of `episodes + 1` entries (steps of episode e: from entry e up to entry e + 1);
 * `params` is a `Float64Array` in the order of `Kernel.params`; and
 * `outputs` holds one `Float64Array` per entry of `Kernel.outputs`, written at every step.
 * Booleans are 0 and 1. The program's memory starts anew with every episode.
 */
export interface Kernel {
  readonly source: string;
  readonly columns: readonly ColumnReference[];
  readonly params: readonly { readonly name: string; readonly value: number }[];
  /** Component names in the program's order; the last entry is always `total`. */
  readonly outputs: readonly string[];
}
