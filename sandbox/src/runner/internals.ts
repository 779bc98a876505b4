import { BlockList } from 'node:net';

/** Node's own loader of the functions that its JavaScript has from its C++, by the name of a group of them: a binding. */
type Bindings = (name: string) => Record<string, unknown>;

/** One of Node's own modules, as its loader knows it. */
interface OwnModule {
  readonly id: string;
  readonly loaded: boolean;
  readonly loading: boolean;
  readonly exports: object;
}

/** What the loader's own module exports. */
interface Realm {
  readonly internalBinding: Bindings;
  readonly BuiltinModule: { readonly map: Map<string, OwnModule>; readonly prototype: object };
}

/** The module of Node's own that loads all others. */
const LOADER = 'internal/bootstrap/realm';

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
 * object is cloned any more; Node loads no further module of its own; the loader's module has no exports; what Node's code inherits and iterates by cannot be
 * changed; and the bindings that a program would be after are stripped of what acts on the machine, though a binding can be had
 * anew by whoever has their loader. False where that could not be done: in a Node whose internals are other ones, or where a clone still leads to
 * them; the other ways are tried by the hostile programs alone.
 */
export function closeInternals(): boolean {
  const realm = reach();
  if (realm === undefined) return false;
  const { internalBinding: bindings, BuiltinModule } = realm;
  const messaging = bindings('messaging');
  const { setDeserializerCreateObjectFunction: constructBy } = messaging;
  if (typeof constructBy === 'function') {
    constructBy(() => {
      throw new Error("objects of Node's own are not cloned here");
    });
  }
  remove(messaging, ['setDeserializerCreateObjectFunction']);
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
  closeLoader(BuiltinModule);
  remove(realm, Object.keys(realm));
  settlePrototypes();
  return closed;
}

/** What is loaded stays; nothing else of Node's is, by whomever it is asked for. */
function closeLoader({ map, prototype }: Realm['BuiltinModule']): void {
  Object.defineProperty(prototype, 'compileForInternalLoader', {
    value(this: OwnModule) {
      if (this.loaded || this.loading) return this.exports;
      throw new Error(`a runner that is ready loads no more of Node's own modules: ${this.id}`);
    },
    writable: false,
    configurable: false,
  });
  Reflect.deleteProperty(prototype, 'constructor');
  // It can install again what constructs copies.
  remove(map.get('internal/worker/js_transferable')?.exports ?? {}, ['setup']);
}

/**
 * By `next` of an iterator Node goes over its own modules and handles, and what it adds to a list goes through a setter of that index on
 * `Array.prototype`. Iterators are frozen; prototypes that programs write over in good faith can be added to no more, and their methods not become accessors.
 */
function settlePrototypes(): void {
  const iterators = [[].values(), new Map().values(), new Set().values(), ''[Symbol.iterator](), ''.matchAll(/./g)];
  const generators = [(function* () {})(), (async function* () {})()];
  for (const each of [...iterators, ...generators]) {
    for (let at = Object.getPrototypeOf(each); at !== Object.prototype; at = Object.getPrototypeOf(at))
      Object.freeze(at);
  }
  for (const { prototype } of [Object, Function, Array, Map, Set, WeakMap, WeakSet, Promise, String, RegExp, Error])
    Object.seal(prototype);
  // An own property of a constructor is one of all classes that extend it, Node's among them; and by `constructor` of a promise or a list Node's code is handed what it waits for and maps.
  for (const each of [Object, Function, Array, Map, Set, WeakMap, WeakSet, Promise]) Object.preventExtensions(each);
  for (const each of [Array, Promise, Map, Set, RegExp, ArrayBuffer, SharedArrayBuffer]) {
    Reflect.defineProperty(each, Symbol.species, { configurable: false });
  }
  for (const { prototype } of [Array, Promise]) Reflect.defineProperty(prototype, 'constructor', { writable: false });
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
    // This Node has none of this name; `internals.test.ts` holds the names to the Node that the project runs on.
    return;
  }
  for (const each of strip(binding)) {
    const prototype: unknown = Reflect.get(each, 'prototype');
    if (typeof prototype === 'object' && prototype !== null) strip(prototype);
  }
}

/** The loader's module, reached as a program would reach it; nothing where that way is closed. */
function reach(): Realm | undefined {
  const clone = Object.getOwnPropertySymbols(BlockList.prototype).find(
    ({ description }) => description === 'messaging_clone_symbol',
  );
  if (clone === undefined) return undefined;
  const member = 'rewardsmithReached';
  const object = new BlockList();
  const deserializeInfo = `${LOADER}:${member}`;
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
  return exported !== undefined && isRealm(exported) ? exported : undefined;
}

function isRealm(exported: object): exported is Realm {
  return 'internalBinding' in exported && 'BuiltinModule' in exported;
}
