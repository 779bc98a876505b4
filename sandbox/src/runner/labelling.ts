import { type Labels, labelStatistics, statisticNames } from '@rewardsmith/rollouts';
import type { LabelMessage } from '../channel/messages.ts';
import { partRows, rowsAtOnce } from '../channel/outputs.ts';
import { send, sendLabels } from './channel.ts';
import { withCompilers } from './compiler-tier.ts';
import { prepareIsolate } from './hardened-isolate.ts';
import { IsolatedKernel, type Part } from './isolate.ts';
import { parts } from './parts.ts';
import type { RecordedRollouts } from './recorded.ts';
import { discard, tidy } from './tidy.ts';

/** Labels a recorded rollout with one candidate in a fresh isolate, and leaves the rollout as it was. */
export function label(request: LabelMessage, recorded: RecordedRollouts): void {
  let megabytes: number;
  try {
    megabytes = labelIsolated(request, recorded);
  } finally {
    recorded.restore(request.key, request.kernel.columns);
  }
  // The answer is on its way; the next candidate most likely labels the same rollout.
  prepareIsolate(megabytes);
}

/** Answers the request; returns the megabytes of the isolate that it took. */
function labelIsolated(request: LabelMessage, recorded: RecordedRollouts): number {
  const { key, kernel, answer } = request;
  const rollout = recorded.rollout(key);
  const episodeOffsets = recorded.episodeOffsets(key);
  const columns = kernel.outputs.length;
  const rows = rowsAtOnce(answer.kind, columns, rollout.capacity.steps, episodeOffsets);
  const { isolateMegabytes: megabytes, wallMilliseconds: milliseconds } = request;
  const isolated = new IsolatedKernel(kernel, rollout, { megabytes, milliseconds }, rows);
  try {
    const labels = answered(request, isolated, () => [...parts(episodeOffsets, partRows(columns))]);
    send({ type: 'done' });
    sendLabels(labels());
    return isolated.megabytes;
  } finally {
    isolated.dispose();
  }
}

/** Runs the candidate; what it comes to is then told without it, which is the runner's time and not the candidate's. */
function answered(
  { answer, optimised, wallMilliseconds }: LabelMessage,
  isolated: IsolatedKernel,
  all: () => readonly Part[],
): () => readonly Float64Array[] {
  if (answer.kind === 'columns') {
    const labels = withCompilers(optimised, () => isolated.label());
    return () => chosen(labels, answer.places);
  }
  const counted = measured(all(), wallMilliseconds, (part, left) =>
    withCompilers(optimised, () => isolated.labelPart(part, left)),
  );
  return () => counted;
}

function chosen(labels: Labels, places: readonly number[]): readonly Float64Array[] {
  return places.map((place) => withOneNaN(labels.columns[place] ?? new Float64Array(0)));
}

/**
 * The statistics of every episode, part by part: the labels of one are still in the processor's cache when they are counted, and
 * those of the next take their place. They are counted here, by code that no candidate reaches, and lie one after another.
 */
function measured(
  all: readonly Part[],
  milliseconds: number,
  label: (part: Part, milliseconds: number) => Labels,
): readonly Float64Array[] {
  const episodes = all.reduce((total, part) => total + part.episodes, 0);
  let numbers = new Float64Array(0);
  let left = milliseconds;
  let episode = 0;
  for (const part of all) {
    const from = performance.now();
    const labels = label(part, Math.max(1, Math.ceil(left)));
    left -= performance.now() - from;
    const counted = labelStatistics(labels, part.offsets).components.flatMap((each) =>
      statisticNames.map((name) => each[name]),
    );
    if (numbers.length === 0) numbers = new Float64Array(counted.length * episodes);
    for (const [place, column] of counted.entries()) numbers.set(column, place * episodes + episode);
    discard(counted.length * part.episodes * Float64Array.BYTES_PER_ELEMENT + part.offsets.byteLength);
    tidy();
    episode += part.episodes;
  }
  discard(numbers.byteLength);
  return [numbers];
}

/**
 * The column with every NaN of one bit pattern. A sum of two has that of either, as the compiler chose; a caller that
 * hashes labels would see when a program was compiled. Nearly all columns have none, which V8's own search finds in half a nanosecond a number,
 * whatever has been compiled by then; a loop is told by a comparison, as the middle compiler makes an object of each number for `Number.isNaN`.
 */
function withOneNaN(column: Float64Array): Float64Array {
  if (!column.includes(Number.NaN)) return column;
  for (let step = 0; step < column.length; step += 1) {
    const value = column[step] ?? 0;
    if (!(value <= Number.POSITIVE_INFINITY)) column[step] = Number.NaN;
  }
  return column;
}
