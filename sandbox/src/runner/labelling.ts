import { type Labels, labelStatistics, type Rollout, statisticNames } from '@rewardsmith/rollouts';
import type { Answer, LabelMessage } from '../channel/messages.ts';
import { send, sendLabels } from './channel.ts';
import { withCompilersFor } from './compiler-tier.ts';
import { prepareIsolate } from './hardened-isolate.ts';
import { IsolatedKernel } from './isolate.ts';
import type { RecordedRollouts } from './recorded.ts';

/** Labels a recorded rollout with one candidate in a fresh isolate, and leaves the rollout as it was. */
export function label(request: LabelMessage, recorded: RecordedRollouts): void {
  let megabytes: number;
  try {
    megabytes = labelIsolated(request, recorded.rollout(request.key));
  } finally {
    recorded.restore(request.key, request.kernel.columns);
  }
  // The answer is on its way; the next candidate most likely labels the same rollout.
  prepareIsolate(megabytes);
}

/** Answers the request; returns the megabytes of the isolate that it took. */
function labelIsolated({ kernel, answer, isolateMegabytes, wallMilliseconds }: LabelMessage, rollout: Rollout): number {
  const isolated = new IsolatedKernel(kernel, rollout, { megabytes: isolateMegabytes, milliseconds: wallMilliseconds });
  try {
    const labels = withCompilersFor(rollout.steps, () => isolated.label());
    send({ type: 'done' });
    sendLabels(answered(answer, labels, rollout));
    return isolated.megabytes;
  } finally {
    isolated.dispose();
  }
}

/** The columns that leave the runner; statistics are counted here, where the labels are, by code that no candidate reaches. */
function answered(answer: Answer, labels: Labels, rollout: Rollout): readonly Float64Array[] {
  switch (answer.kind) {
    case 'columns':
      return answer.places.flatMap((place) => labels.columns[place] ?? []);
    case 'statistics': {
      const { components } = labelStatistics(labels, rollout.episodeOffsets.subarray(0, rollout.episodes + 1));
      return components.flatMap((component) => statisticNames.map((name) => component[name]));
    }
  }
}
