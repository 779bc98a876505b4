import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';

/** Everything that the permission model can grant. */
const scopes = ['fs.read', 'fs.write', 'child', 'worker', 'net', 'addons', 'inspector', 'wasi', 'ffi'];

/** What the permission model leaves open: signals to other processes of the same user, their priority, raw bindings. */
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
];

/**
 * Gives up what was only needed to start: once the code is loaded the runner reads no file and loads no addon, and
 * the functions that reach other processes are gone from it. Only what was granted can be given up.
 */
export function lockDown(): void {
  // Absent when the permission model is off, as in a test of the other walls.
  for (const scope of ['fs.read', 'addons'] as const) process.permission?.drop(scope);
  for (const name of processPowers) Reflect.deleteProperty(process, name);
  // Names of the machine, its users and its networks, and the priority of other processes: no permission covers them.
  for (const [name, member] of Object.entries(os)) if (typeof member === 'function') Reflect.deleteProperty(os, name);
  syncBuiltinESMExports();
}

/** What this process may still do; everything when the permission model is off. */
export function grantedScopes(): string[] {
  return !('permission' in process) ? scopes : scopes.filter((scope) => process.permission.has(scope));
}
