import { type Labels, labelStatistics, statisticNames } from '@rewardsmith/rollouts';
import type { Answer, LabelMessage } from '../channel/messages.ts';
import { send, sendLabels } from './channel.ts';
import { withCompilers } from './compiler-tier.ts';
import { prepareIsolate } from './hardened-isolate.ts';
import { IsolatedKernel } from './isolate.ts';
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
  const { key, kernel, answer, optimised, isolateMegabytes, wallMilliseconds } = request;
  const rollout = recorded.rollout(key);
  const isolated = new IsolatedKernel(kernel, rollout, { megabytes: isolateMegabytes, milliseconds: wallMilliseconds });
  try {
    const labels = withCompilers(optimised, () => isolated.label());
    send({ type: 'done' });
    sendLabels(answered(answer, labels, recorded.episodeOffsets(key)));
    return isolated.megabytes;
  } finally {
    isolated.dispose();
  }
}

/** The columns that leave the runner; statistics are counted here, where the labels are, by code that no candidate reaches. */
function answered(answer: Answer, labels: Labels, episodeOffsets: Uint32Array): readonly Float64Array[] {
  switch (answer.kind) {
    case 'columns':
      return answer.places.flatMap((place) => withOneNaN(labels.columns[place] ?? new Float64Array(0)));
    case 'statistics': {
      const { components } = labelStatistics(labels, episodeOffsets);
      return components.flatMap((component) => statisticNames.map((name) => component[name]));
    }
  }
}

/**
 * The column with every NaN of one bit pattern. A sum of two has that of either, as the compiler chose; a caller that
 * hashes labels would see when a program was compiled.
 */
function withOneNaN(column: Float64Array): Float64Array {
  for (let step = 0; step < column.length; step += 1) if (Number.isNaN(column[step])) column[step] = Number.NaN;
  return column;
}
