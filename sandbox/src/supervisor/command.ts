import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readablePaths } from './readable.ts';

/** A program and what it is given. */
export interface Command {
  readonly file: string;
  readonly arguments: readonly string[];
}

const shell = '/bin/sh';
const env = '/usr/bin/env';
const setpriv = ['/usr/bin/setpriv', '/bin/setpriv'].find((path) => existsSync(path));

/**
 * Flags of util-linux's setpriv that this machine grants, strongest first: the kernel ends the runner with its
 * supervisor, no program it starts could gain rights, and a runner of root has none of root's capabilities.
 */
const hardenings: readonly (readonly string[])[] = [
  ['--pdeathsig', 'KILL', '--no-new-privs', '--inh-caps=-all', '--bounding-set=-all'],
  ['--pdeathsig', 'KILL', '--no-new-privs'],
];

let granted: readonly string[] | undefined;

/** The hardening that works here, tried once on a node that does nothing; empty where there is none. */
export function grantedHardening(): readonly string[] {
  granted ??= hardenings.find(
    (flags) =>
      setpriv !== undefined &&
      spawnSync(setpriv, [...flags, '--', process.execPath, '--version'], { env: {}, stdio: 'ignore' }).status === 0,
  );
  granted ??= [];
  return granted;
}

/** Node as the runner is started: no snapshot (isolated-vm needs that), and the permission model on. */
export function nodeArguments(entry: URL, permissions: boolean): string[] {
  const model = permissions
    ? ['--permission', '--allow-addons', ...readablePaths().map((path) => `--allow-fs-read=${path}`)]
    : [];
  return ['--no-node-snapshot', '--no-warnings', ...model, fileURLToPath(entry)];
}

/**
 * The whole command of a runner. The shell sets the size of core dumps to nothing and is replaced at once; `env` takes
 * away the variables that the shell set by itself.
 */
export function runnerCommand(entry: URL, permissions = true): Command {
  const node = [process.execPath, ...nodeArguments(entry, permissions)];
  const hardening = grantedHardening();
  const command = setpriv !== undefined && hardening.length > 0 ? [setpriv, ...hardening, '--', ...node] : node;
  if (!existsSync(shell) || !existsSync(env)) return { file: process.execPath, arguments: node.slice(1) };
  return { file: shell, arguments: ['-c', `ulimit -c 0; exec ${env} -i "$@"`, 'runner', ...command] };
}
