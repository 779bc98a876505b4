import type { LabelMessage } from '../channel/messages.ts';
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
    const { columns } = isolated.label();
    send({ type: 'done' });
    sendLabels(columns);
  } finally {
    isolated?.dispose();
    recorded.restore(request.key, request.kernel.columns);
  }
  // The answer is on its way; the next candidate most likely labels the same rollout.
  prepareIsolate(isolated.megabytes);
}
