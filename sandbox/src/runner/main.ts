import type { Request } from '../channel/messages.ts';
import { limits } from '../limits.ts';
import { fill, receive, send } from './channel.ts';
import { CandidateFault } from './fault.ts';
import { label } from './labelling.ts';
import { grantedScopes, lockDown } from './lock-down.ts';
import { RecordedRollouts } from './recorded.ts';
import { tidy } from './tidy.ts';
import { load, train } from './training.ts';

const recorded = new RecordedRollouts();

async function answer(request: Request): Promise<void> {
  switch (request.type) {
    case 'record':
      recorded.record(request, fill);
      send({ type: 'recorded' });
      break;
    case 'forget':
      recorded.forget(request.key);
      break;
    case 'label':
      label(request, recorded);
      break;
    case 'load':
      await load(request);
      send({ type: 'loaded' });
      break;
    case 'train':
      train(request);
      break;
    case 'raw':
      throw new Error('this runner runs no raw programs');
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

const filtered = await lockDown();
send({ type: 'ready', granted: grantedScopes(), filtered });
for (;;) {
  const request = receive();
  try {
    await answer(request);
  } catch (error) {
    if (error instanceof CandidateFault) send({ type: 'fault', kind: error.kind, message: error.message });
    else send({ type: 'broken', message: textOf(error).slice(0, limits.errorLength) });
    // What was to follow may be unread, and is not for the next request to be.
    if (request.type === 'record') process.exit(1);
  }
  // Lets the host isolate finish what disposing of an isolate left behind.
  await new Promise((resolve) => setImmediate(resolve));
  tidy();
}
