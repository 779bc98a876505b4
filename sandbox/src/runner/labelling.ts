import { type Labels, labelStatistics, statisticNames } from '@rewardsmith/rollouts';
import type { LabelMessage } from '../channel/messages.ts';
import { limits } from '../limits.ts';
import { send, sendLabels } from './channel.ts';
import { withCompilers } from './compiler-tier.ts';
import { prepareIsolate } from './hardened-isolate.ts';
import { IsolatedKernel, type Part } from './isolate.ts';
import { largestPart, parts } from './parts.ts';
import type { RecordedRollouts } from './recorded.ts';

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
  const { key, kernel, answer, optimised } = request;
  const rollout = recorded.rollout(key);
  const episodeOffsets = recorded.episodeOffsets(key);
  const fits = Math.floor(limits.partBytes / (kernel.outputs.length * Float64Array.BYTES_PER_ELEMENT));
  const rows = answer.kind === 'columns' ? rollout.capacity.steps : largestPart(episodeOffsets, fits);
  const { isolateMegabytes: megabytes, wallMilliseconds: milliseconds } = request;
  const isolated = new IsolatedKernel(kernel, rollout, { megabytes, milliseconds }, rows);
  try {
    const columns = withCompilers(optimised, () =>
      answer.kind === 'columns'
        ? chosen(isolated.label(), answer.places)
        : measured(isolated, [...parts(episodeOffsets, fits)], milliseconds),
    );
    send({ type: 'done' });
    sendLabels(columns);
    return isolated.megabytes;
  } finally {
    isolated.dispose();
  }
}

function chosen(labels: Labels, places: readonly number[]): readonly Float64Array[] {
  return places.map((place) => withOneNaN(labels.columns[place] ?? new Float64Array(0)));
}

/**
 * The statistics of every episode, part by part: the labels of one are still in the processor's cache when they are counted, and
 * those of the next take their place. They are counted here, by code that no candidate reaches.
 */
function measured(isolated: IsolatedKernel, all: readonly Part[], milliseconds: number): readonly Float64Array[] {
  const episodes = all.reduce((total, part) => total + part.episodes, 0);
  const columns: Float64Array[] = [];
  let left = milliseconds;
  let episode = 0;
  for (const part of all) {
    const from = performance.now();
    const labels = isolated.labelPart(part, Math.max(1, Math.ceil(left)));
    left -= performance.now() - from;
    const { components } = labelStatistics(labels, part.offsets);
    for (const [place, column] of components.flatMap((each) => statisticNames.map((name) => each[name])).entries()) {
      columns[place] ??= new Float64Array(episodes);
      columns[place].set(column, episode);
    }
    episode += part.episodes;
  }
  return columns;
}

/**
 * The column with every NaN of one bit pattern. A sum of two has that of either, as the compiler chose; a caller that
 * hashes labels would see when a program was compiled.
 */
function withOneNaN(column: Float64Array): Float64Array {
  for (let step = 0; step < column.length; step += 1) if (Number.isNaN(column[step])) column[step] = Number.NaN;
  return column;
}
