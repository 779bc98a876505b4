import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What the operating system adds to the process wall on this machine; each holds without Node's help. */
export interface Hardening {
  /** Goes before the runner's own command, and is replaced by it. */
  readonly prefix: readonly string[];
  /** The kernel ends the runner with its supervisor. */
  readonly endsWithSupervisor: boolean;
  /** A network namespace of its own, without any interface that is up. */
  readonly noNetwork: boolean;
  /** A runner of root has none of root's capabilities, and none can be gained. */
  readonly noCapabilities: boolean;
}

const find = (name: string): string => ['/usr/bin', '/bin'].map((at) => `${at}/${name}`).find(existsSync) ?? name;

const dying = [find('setpriv'), '--pdeathsig', 'KILL', '--no-new-privs'];
const powerless = [...dying, '--inh-caps=-all', '--bounding-set=-all'];
const names = { noCapabilities: false, endsWithSupervisor: true };

/** Strongest first: as root, as anyone who may make user namespaces, as anyone with util-linux, elsewhere. */
const known: readonly Hardening[] = [
  { prefix: [find('unshare'), '--net', '--ipc', ...powerless], noNetwork: true, ...names, noCapabilities: true },
  { prefix: [find('unshare'), '--user', '--net', '--ipc', ...dying], noNetwork: true, ...names },
  { prefix: powerless, noNetwork: false, ...names, noCapabilities: true },
  { prefix: dying, noNetwork: false, ...names },
];
const none: Hardening = { prefix: [], noNetwork: false, endsWithSupervisor: false, noCapabilities: false };

let granted: Hardening | undefined;

/** The strongest hardening that this machine grants and under which the runner's code can still be read; tried once. */
export function grantedHardening(): Hardening {
  granted ??= known.find(({ prefix: [file = '', ...given] }) => {
    const code = fileURLToPath(new URL('../runner/main.ts', import.meta.url));
    const trial = [...given, '/bin/sh', '-c', 'test -r "$1" && test -x "$2"', 'trial', code, process.execPath];
    return spawnSync(file, trial, { env: {}, stdio: 'ignore' }).status === 0;
  });
  granted ??= none;
  return granted;
}
