import { BlockList } from 'node:net';

/** Node's own loader of the functions that its JavaScript has from its C++, by the name of a group of them: a binding. */
type Bindings = (name: string) => Record<string, unknown>;

/** Bindings of which a runner that has started needs no function, and that no permission covers, or not all of them. */
export const needless = [
  'cares_wrap',
  'credentials',
  'ffi',
  'mksnapshot',
  'os',
  'profiler',
  'report',
  'sea',
  'signal_wrap',
  'sqlite',
  'udp_wrap',
  'watchdog',
];

/** By flags the engine itself opens files, as its traces, and empties those that are there; no permission covers that. */
export const enginePowers = ['setFlagsFromString', 'setHeapSnapshotNearHeapLimit', 'setHeapProfileNearHeapLimit'];

/** Certificates of the machine, which OpenSSL reads from files. */
const certificates = [
  'getBundledRootCertificates',
  'getExtraCACertificates',
  'getSystemCACertificates',
  'getUserRootCertificates',
];

/** What is left of the binding of `process`: its clocks, what this process itself has used, and its end. */
const keptOfProcess = [
  'hrtime',
  'hrtimeBigInt',
  'uptime',
  'cpuUsage',
  'threadCpuUsage',
  'resourceUsage',
  'cwd',
  'reallyExit',
];

/**
 * Takes from Node's own code what would lead a program in this realm past everything that `lockDown` takes from public modules. When one of
 * Node's own objects is cloned, it names an internal module and the member of it that constructs the copy (`deserializeInfo`). Node
 * loads that module and reads the member, so a getter of that name on `Object.prototype` has the module as its `this`. Here no such
 * object is cloned any more, no property can be added to `Object.prototype`, and the bindings that a program would be after are
 * stripped of what acts on the machine. False where that could not be done: in a Node whose internals are other ones, or are still reached.
 */
export function closeInternals(): boolean {
  const bindings = reach();
  if (bindings === undefined) return false;
  const { setDeserializerCreateObjectFunction: constructBy } = bindings('messaging');
  if (typeof constructBy === 'function') {
    constructBy(() => {
      throw new Error("objects of Node's own are not cloned here");
    });
  }
  for (const name of needless) stripBinding(bindings, name);
  const ofProcess = bindings('process_methods');
  const functions = Object.keys(ofProcess).filter((name) => typeof ofProcess[name] === 'function');
  remove(
    ofProcess,
    functions.filter((name) => !keptOfProcess.includes(name)),
  );
  remove(bindings('v8'), enginePowers);
  remove(bindings('crypto'), certificates);
  const closed = reach() === undefined;
  Object.seal(Object.prototype);
  return closed;
}

function remove(object: object, names: readonly string[]): void {
  for (const name of names) Reflect.deleteProperty(object, name);
}

/** Removes every function of an object, and returns them. */
export function strip(object: object): readonly object[] {
  const functions: object[] = [];
  for (const name of Object.getOwnPropertyNames(object)) {
    const member: unknown = Reflect.getOwnPropertyDescriptor(object, name)?.value;
    if (typeof member === 'function' && Reflect.deleteProperty(object, name)) functions.push(member);
  }
  return functions;
}

/** The functions of a binding, and those that objects have which these construct: public modules hold on to the constructors. */
function stripBinding(bindings: Bindings, name: string): void {
  let binding: object;
  try {
    binding = bindings(name);
  } catch {
    // This Node has none of this name.
    return;
  }
  for (const each of strip(binding)) {
    const prototype: unknown = Reflect.get(each, 'prototype');
    if (typeof prototype === 'object' && prototype !== null) strip(prototype);
  }
}

/** The loader, reached as a program would reach it; nothing where that way is closed. */
function reach(): Bindings | undefined {
  const clone = Object.getOwnPropertySymbols(BlockList.prototype).find(
    ({ description }) => description === 'messaging_clone_symbol',
  );
  if (clone === undefined) return undefined;
  const member = 'rewardsmithReached';
  const object = new BlockList();
  const deserializeInfo = `internal/bootstrap/realm:${member}`;
  Reflect.defineProperty(object, clone, { value: () => ({ data: {}, deserializeInfo }) });
  let exported: object | undefined;
  Reflect.defineProperty(Object.prototype, member, {
    configurable: true,
    get(this: object) {
      exported ??= this;
    },
  });
  try {
    structuredClone(object);
  } catch {
    // The member makes no copy: it is not there.
  } finally {
    Reflect.deleteProperty(Object.prototype, member);
  }
  const bindings: unknown = exported === undefined ? undefined : Reflect.get(exported, 'internalBinding');
  return isBindings(bindings) ? bindings : undefined;
}

const isBindings = (value: unknown): value is Bindings => typeof value === 'function';
