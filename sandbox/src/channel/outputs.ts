import { limits } from '../limits.ts';

/** What both ends of a channel know of the memory that a runner keeps for labels. */

const CACHE_LINE = 64;
const PAGE = 4096;
/** Five lines: 5 and 64 share no factor, so 64 columns in a row begin in 64 different sets of the first cache. */
const STAGGER = 5 * CACHE_LINE;

/** Sizes that a runner keeps for the next candidates: those used last, as of labels and of parts. */
export const KEPT_OUTPUTS = 2;

/** Bytes from one column to the next, at least `rows` numbers apart, never a whole number of pages. */
export function strideOf(rows: number): number {
  return Math.ceil(Math.max(0, rows * Float64Array.BYTES_PER_ELEMENT - STAGGER) / PAGE) * PAGE + STAGGER;
}

export function outputBytes(columns: number, rows: number): number {
  return columns * strideOf(rows);
}

/** Rows of a part whose labels a processor's own cache holds; one longer episode is a part of its own. */
export function partRows(columns: number): number {
  return Math.floor(limits.partBytes / (columns * Float64Array.BYTES_PER_ELEMENT));
}

/** The most rows that are labelled at once: all, or those of a part. */
export function rowsAtOnce(
  answer: 'columns' | 'statistics',
  columns: number,
  steps: number,
  episodeOffsets: Uint32Array,
): number {
  if (answer === 'columns') return steps;
  let longest = partRows(columns);
  for (let episode = 1; episode < episodeOffsets.length; episode += 1) {
    longest = Math.max(longest, (episodeOffsets[episode] ?? 0) - (episodeOffsets[episode - 1] ?? 0));
  }
  return Math.min(steps, longest);
}
