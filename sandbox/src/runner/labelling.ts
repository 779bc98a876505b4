import { type Labels, labelStatistics, type Rollout, statisticNames } from '@rewardsmith/rollouts';
import type { Answer, LabelMessage } from '../channel/messages.ts';
import { send, sendLabels } from './channel.ts';
import { prepareIsolate } from './hardened-isolate.ts';
import { IsolatedKernel } from './isolate.ts';
import type { RecordedRollouts } from './recorded.ts';

/** Labels a recorded rollout with one candidate in a fresh isolate, and leaves the rollout as it was. */
export function label(request: LabelMessage, recorded: RecordedRollouts): void {
  const rollout = recorded.rollout(request.key);
  let isolated: IsolatedKernel | undefined;
  try {
    isolated = new IsolatedKernel(request.kernel, rollout, {
      megabytes: request.isolateMegabytes,
      milliseconds: request.wallMilliseconds,
    });
    const labels = isolated.label();
    send({ type: 'done' });
    sendLabels(answered(request.answer, labels, rollout));
  } finally {
    isolated?.dispose();
    recorded.restore(request.key, request.kernel.columns);
  }
  // The answer is on its way; the next candidate most likely labels the same rollout.
  prepareIsolate(isolated.megabytes);
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
