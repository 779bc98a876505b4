import { setFlagsFromString } from 'node:v8';
import ivm from 'isolated-vm';
import { limits } from '../limits.ts';
import { prelude } from './prelude.ts';

// A candidate's loop runs for milliseconds: what it spends in the interpreter before it is compiled shows.
setFlagsFromString('--always-sparkplug');

/** An isolate that has run the prelude and nothing else, with the bridge's three functions. */
export interface HardenedIsolate {
  readonly megabytes: number;
  readonly isolate: ivm.Isolate;
  readonly attach: ivm.Reference;
  readonly install: ivm.Reference;
  readonly label: ivm.Reference;
}

let ready: HardenedIsolate | undefined;

function create(megabytes: number): HardenedIsolate {
  const isolate = new ivm.Isolate({ memoryLimit: megabytes });
  const bridge: ivm.Reference = isolate.createContextSync().evalSync(prelude(limits.errorLength), { reference: true });
  const [attach, install, label] = ['attach', 'install', 'label'].map((name) =>
    bridge.getSync(name, { reference: true }),
  );
  if (attach === undefined || install === undefined || label === undefined)
    throw new Error('the prelude has no bridge');
  return { megabytes, isolate, attach, install, label };
}

/** A fresh isolate with this limit, the prepared one when there is one; each is handed out once. */
export function takeIsolate(megabytes: number): HardenedIsolate {
  const prepared = ready;
  ready = undefined;
  if (prepared?.megabytes === megabytes) return prepared;
  prepared?.isolate.dispose();
  return create(megabytes);
}

/** Makes the next candidate's isolate while nobody waits; it costs milliseconds that are many times a labelling's. */
export function prepareIsolate(megabytes: number): void {
  ready ??= create(megabytes);
}
