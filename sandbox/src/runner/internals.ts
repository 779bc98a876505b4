import { BlockList } from 'node:net';

/** Node's own loader of the functions that its JavaScript has from its C++, by the name of a group of them: a binding. */
type Bindings = (name: string) => Record<string, unknown>;

/** Bindings of which a runner that has started needs no function, and that no permission covers, or not all of them. */
const needless = [
  'cares_wrap',
  'credentials',
  'heap_utils',
  'internal_only_v8',
  'mksnapshot',
  'os',
  'profiler',
  'report',
  'sea',
  'signal_wrap',
  'udp_wrap',
  'watchdog',
];

/** What is left of the binding of `process`: its clocks, what this process itself has used, and its end. */
const keptOfProcess = [
  'hrtime',
  'hrtimeBigInt',
  'hrtimeBuffer',
  'uptime',
  'cpuUsage',
  'threadCpuUsage',
  'resourceUsage',
  'cwd',
  'reallyExit',
];

const enginePowers = ['setFlagsFromString', 'setHeapSnapshotNearHeapLimit', 'setHeapProfileNearHeapLimit'];

/**
 * Takes from Node's own code what would lead a program in this realm past everything that `lockDown` takes from public modules. An object of
 * Node's own names, when it is cloned, the internal module and the member of it that make its copy; Node loads whichever module it is
 * told, and a getter on `Object.prototype` is handed that module. So no copy is made here any more of such an object, none of
 * a runner's being cloned; what is found on the way is stripped of what acts on the machine; and no property can be added to
 * what all objects inherit from. Throws when the way is still open: such a runner is not to be used.
 */
export function closeInternals(): void {
  const bindings = reach();
  if (bindings !== undefined) {
    const { setDeserializerCreateObjectFunction: makeCopiesBy } = bindings('messaging');
    if (typeof makeCopiesBy === 'function') {
      makeCopiesBy(() => {
        throw new Error("objects of Node's own are not cloned here");
      });
    }
    for (const name of needless) stripBinding(bindings, name);
    const ofProcess = bindings('process_methods');
    for (const name of Object.keys(ofProcess))
      if (!keptOfProcess.includes(name)) Reflect.deleteProperty(ofProcess, name);
    for (const name of enginePowers) Reflect.deleteProperty(bindings('v8'), name);
  }
  if (reach() !== undefined) throw new Error("a program could reach Node's own bindings");
  Object.seal(Object.prototype);
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
