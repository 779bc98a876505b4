import fs from 'node:fs';
import { createRequire, isBuiltin, syncBuiltinESMExports } from 'node:module';
import { fileURLToPath } from 'node:url';
import v8 from 'node:v8';
import { closeSignalPipes, openSpareDescriptor, turn } from './event-loops.ts';
import { closeInternals, enginePowers, strip } from './internals.ts';
import { filterSystemCalls } from './system-calls.ts';

/** Everything that the permission model can grant, by the engine's own names: it says of any other that it is not granted, and gives none up by it. */
export const scopes = [
  'fs.read',
  'fs.write',
  'child',
  'worker',
  'net',
  'addon',
  'inspector',
  'wasi',
  'ffi',
  'openssl.store',
] as const;

/**
 * What the permission model leaves open: signals to other processes of the same user, their priority, raw bindings, and what is told of the
 * machine by files that Node's own code reads, its name, networks and memory among them.
 */
const processPowers = [
  'kill',
  '_kill',
  'abort',
  'binding',
  '_linkedBinding',
  'dlopen',
  'execve',
  'getBuiltinModule',
  '_debugProcess',
  '_debugEnd',
  '_startProfilerIdleNotifier',
  '_stopProfilerIdleNotifier',
  'setuid',
  'setgid',
  'seteuid',
  'setegid',
  'setgroups',
  'initgroups',
  'chdir',
  'umask',
  'loadEnvFile',
  'report',
  'memoryUsage',
  'constrainedMemory',
  'availableMemory',
];

/**
 * Modules whose functions go past every permission: they tell of the machine's names and users, its name servers, its certificates, or
 * open a socket, as one for datagrams does that joins a group. Two are
 * older names of what `node:tls` is made of. What of them is not loaded, a runner that is ready loads no more.
 */
const unbound = ['os', 'dns', 'dns/promises', 'dgram', 'tls', '_tls_common', '_tls_wrap', 'ffi'];

/** Globals that Node loads when they are first read, and that a runner or a simulator's library uses: afterwards Node loads nothing. */
const lateGlobals = ['performance', 'TextDecoder', 'TextEncoder', 'URL', 'WebAssembly'];

/** Whether the way to Node's own bindings is closed. */
let closed = false;

/**
 * Gives up what was only needed to start: once the code is loaded the runner reads no file and loads no addon, and
 * the functions that reach other processes are gone from it. Only what was granted can be given up. Resolves to whether the kernel filters its system calls.
 */
export async function lockDown(): Promise<boolean> {
  openSpareDescriptor();
  await turn();
  closeSignalPipes();
  // A zone of its own: the first date to be written would open and follow the machine's `/etc/localtime`.
  Object.assign(process.env, { TZ: 'UTC' });
  new Date(0).getHours();
  const filtered = await filterSystemCalls();
  // Absent when the permission model is off, as in a test of the other walls.
  for (const scope of ['fs.read', 'addon', 'ffi'] as const) process.permission?.drop(scope);
  for (const name of processPowers) Reflect.deleteProperty(process, name);
  // Its getters count the processors by files of the machine, anew each time.
  for (const name of ['navigator', 'Navigator']) Reflect.deleteProperty(globalThis, name);
  // Not to be written to either: the C library opens the file that a time zone names, and OpenSSL those of a variable of its own.
  Reflect.defineProperty(process, 'env', { value: Object.freeze({}), writable: false, configurable: false });
  const load = createRequire(import.meta.url);
  for (const name of unbound) if (isLoaded(name)) strip(load(`node:${name}`));
  // The largest heap is a share of the machine's memory.
  for (const name of [...enginePowers, 'queryObjects', 'promiseHooks', 'getHeapStatistics'])
    Reflect.deleteProperty(v8, name);
  // Hands out the promises of Node's own code, and what they came to.
  if (isLoaded('async_hooks')) {
    for (const name of ['createHook', 'executionAsyncResource']) Reflect.deleteProperty(load('async_hooks'), name);
  }
  // Looks at every name of a path before it asks for a permission, so it tells which files and processes there are.
  Reflect.deleteProperty(fs, 'realpathSync');
  syncBuiltinESMExports();
  for (const name of lateGlobals) Reflect.get(globalThis, name);
  closed = closeInternals();
  return filtered;
}

/** By Node's own list of what it has loaded; a Node without one may have loaded it. */
function isLoaded(name: string): boolean {
  const loaded: unknown = Reflect.get(process, 'moduleLoadList');
  return Array.isArray(loaded) ? loaded.includes(`NativeModule ${name}`) : isBuiltin(`node:${name}`);
}

/** What this process may still do; everything when the permission model is off. The way to Node's bindings counts as a permission. */
export function grantedScopes(): string[] {
  const ways = closed ? [] : ['bindings'];
  if (!('permission' in process)) return [...scopes, ...ways];
  // To read some paths alone is told of those alone: its own code is among what it was given.
  const reads = process.permission.has('fs.read', fileURLToPath(import.meta.url));
  return [...scopes.filter((scope) => process.permission.has(scope) || (scope === 'fs.read' && reads)), ...ways];
}
