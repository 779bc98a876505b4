import { setFlagsFromString } from 'node:v8';
import ivm from 'isolated-vm';
import { limits } from '../limits.ts';
import { compilingWithinCalls } from './compiler-tier.ts';
import { prelude } from './prelude.ts';

// A candidate's loop runs for milliseconds: what it spends in slow code before the fast one is compiled shows. So it
// begins in baseline code, and observes itself from its first step on.
setFlagsFromString('--always-sparkplug');
setFlagsFromString('--no-lazy-feedback-allocation');

/** An isolate that has run the prelude and nothing else, with the bridge's three functions. */
export interface HardenedIsolate {
  readonly megabytes: number;
  readonly isolate: ivm.Isolate;
  readonly attach: ivm.Reference;
  readonly install: ivm.Reference;
  readonly label: ivm.Reference;
}

const source = prelude(limits.errorLength);

/** The prelude's bytecode, made before any candidate exists, so that an isolate does not parse it again. */
function compilePrelude(): ivm.ExternalCopy<ArrayBuffer> | undefined {
  const isolate = new ivm.Isolate();
  try {
    const script: ivm.Script & ivm.CachedDataResult = isolate.compileScriptSync(source, { produceCachedData: true });
    return script.cachedData;
  } finally {
    isolate.dispose();
  }
}

const compiled = compilePrelude();
/** One of a size: of the two sizes used last, as of a rollout's labels and of its statistics. */
let ready: readonly HardenedIsolate[] = [];
const SIZES = 2;

function create(megabytes: number): HardenedIsolate {
  return harden(new ivm.Isolate({ memoryLimit: megabytes }), megabytes);
}

function harden(isolate: ivm.Isolate, megabytes: number): HardenedIsolate {
  const script = isolate.compileScriptSync(source, compiled === undefined ? {} : { cachedData: compiled });
  const bridge: ivm.Reference = script.runSync(isolate.createContextSync(), { reference: true });
  const [attach, install, label] = ['attach', 'install', 'label'].map((name) =>
    bridge.getSync(name, { reference: true }),
  );
  if (attach === undefined || install === undefined || label === undefined)
    throw new Error('the prelude has no bridge');
  return { megabytes, isolate, attach, install, label };
}

/** A fresh isolate with this limit, the prepared one when there is one; each is handed out once. */
export function takeIsolate(megabytes: number): HardenedIsolate {
  const prepared = ready.find((each) => each.megabytes === megabytes);
  ready = ready.filter((each) => each !== prepared);
  return prepared ?? create(megabytes);
}

/** A fresh isolate for a function that is called again and again. */
export function isolateForManyCalls(megabytes: number): HardenedIsolate {
  const isolate = compilingWithinCalls(() => new ivm.Isolate({ memoryLimit: megabytes }));
  return harden(isolate, megabytes);
}

/** Makes the next candidate's isolate while nobody waits; it costs milliseconds that are many times a labelling's. */
export function prepareIsolate(megabytes: number): void {
  if (ready.some((each) => each.megabytes === megabytes)) return;
  for (const { isolate } of ready.slice(SIZES - 1)) isolate.dispose();
  ready = [create(megabytes), ...ready.slice(0, SIZES - 1)];
}
