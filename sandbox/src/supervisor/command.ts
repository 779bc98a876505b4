import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { grantedHardening } from './hardening.ts';
import { readablePaths } from './readable.ts';

/** A program and what it is given. */
export interface Command {
  readonly file: string;
  readonly arguments: readonly string[];
}

const shell = '/bin/sh';
const env = '/usr/bin/env';

/** No core dump, no byte written to any file, few descriptors; the shell and `env` are replaced, their variables gone. */
const bounded = `ulimit -c 0; ulimit -f 0; ulimit -n 64; exec ${env} -i "$@"`;

/** Parts of Node that reach files or the network past the permission model, or that a runner has no use for. */
const absent = [
  '--no-experimental-sqlite',
  '--no-experimental-webstorage',
  '--no-experimental-websocket',
  '--disable-sigusr1',
];

/** Node as the runner is started: no snapshot (isolated-vm needs that), and the permission model on. */
export function nodeArguments(entry: URL, permissions: boolean): string[] {
  const model = permissions
    ? [
        '--permission',
        '--allow-addons',
        '--allow-ffi',
        ...readablePaths().map((path) => `--allow-fs-read=${path}`),
        ...absent,
      ]
    : [];
  return ['--no-node-snapshot', '--no-warnings', ...model, fileURLToPath(entry)];
}

/** The whole command of a runner; without `permissions` the process wall is down, for tests of the others. */
export function runnerCommand(entry: URL, permissions = true): Command {
  const node = nodeArguments(entry, permissions);
  if (!permissions || !existsSync(shell) || !existsSync(env)) return { file: process.execPath, arguments: node };
  const command = [...grantedHardening().prefix, process.execPath, ...node];
  return { file: shell, arguments: ['-c', bounded, 'runner', ...command] };
}
