import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, chownSync, constants, globSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe } from 'vitest';

/** A server started for one suite, in a temporary directory and on a free port. */
export interface RunningServer {
  readonly url: string;
  stop(): Promise<void>;
}

export type ServerKind = 'postgresql' | 'redis';

const programs = { postgresql: 'postgres', redis: 'redis-server' } as const;

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A program on the path, or where Debian keeps PostgreSQL's; the newest version first. */
function find(program: string): string | undefined {
  const onPath = (process.env['PATH'] ?? '').split(delimiter).map((directory) => join(directory, program));
  const version = (path: string) => Number(path.split('/')[4]);
  const debian = globSync(`/usr/lib/postgresql/*/bin/${program}`).sort((a, b) => version(b) - version(a));
  return [...onPath, ...debian].find(isProgram);
}

function locate(program: string): string {
  const path = find(program);
  if (path === undefined) throw new Error(`${program} is not installed. Run .ci/install-servers.`);
  return path;
}

/**
 * Declares a suite that needs a server. Without the server's program it is reported as skipped, with the reason in
 * its name; `REWARDSMITH_REQUIRE_SERVERS=1` makes that a failure.
 */
export function describeWithServer(kind: ServerKind, name: string, suite: () => void): void {
  if (find(programs[kind]) !== undefined || process.env['REWARDSMITH_REQUIRE_SERVERS'] === '1') {
    describe(name, suite);
    return;
  }
  describe.skip(`${name} (${programs[kind]} is not installed; .ci/install-servers gets it)`, suite);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
  return address.port;
}

/** Resolves when the server has said that it is ready; rejects with its last lines when it ends before that. */
function ready(child: ChildProcess, sign: RegExp): Promise<void> {
  const last: string[] = [];
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on('line', (line) => {
        last.push(line);
        last.splice(0, last.length - 10);
        if (sign.test(line)) resolve();
      });
    }
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}:\n${last.join('\n')}`)));
  });
}

async function running(child: ChildProcess, sign: RegExp, url: string, directory: string): Promise<RunningServer> {
  const stop = async () => {
    process.off('exit', kill);
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      child.kill('SIGINT');
      await ended;
    }
    rmSync(directory, { recursive: true, force: true });
  };
  const kill = () => {
    child.kill('SIGINT');
  };
  process.once('exit', kill);
  try {
    await ready(child, sign);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, stop };
}

/** PostgreSQL refuses to run as root, so root hands it to the user that its package made. */
function asServerUser(directory: string): readonly string[] {
  if (process.getuid?.() !== 0) return [];
  const identity = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  const [user, group] = [identity('-u'), identity('-g')];
  chownSync(directory, user, group);
  return ['setpriv', `--reuid=${user}`, `--regid=${group}`, '--clear-groups', '--'];
}

/** Starts PostgreSQL with `fsync` on: the kill tests are about what the disk holds. */
export async function startPostgres(): Promise<RunningServer> {
  const directory = mkdtempSync(join(tmpdir(), 'rewardsmith-postgres-'));
  const port = await freePort();
  const prefix = asServerUser(directory);
  const run = (program: string, args: readonly string[]): [string, string[]] => {
    const [first = locate(program), ...rest] = [...prefix, locate(program), ...args];
    return [first, rest];
  };
  const database = join(directory, 'pgdata');
  const [initdb, initialArgs] = run('initdb', ['-D', database, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '-N']);
  execFileSync(initdb, initialArgs, { cwd: directory, stdio: 'pipe' });
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', `port=${port}`, 'max_connections=100'];
  const [postgres, args] = run('postgres', ['-D', database, ...settings.flatMap((setting) => ['-c', setting])]);
  const child = spawn(postgres, args, { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] });
  const url = `postgresql://postgres@127.0.0.1:${port}/postgres`;
  return running(child, /database system is ready to accept connections/, url, directory);
}

export async function startRedis(): Promise<RunningServer> {
  const directory = mkdtempSync(join(tmpdir(), 'rewardsmith-redis-'));
  const port = await freePort();
  const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', directory, '--save', '', '--appendonly', 'no'];
  const child = spawn(locate(programs.redis), args, { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] });
  return running(child, /Ready to accept connections/, `redis://127.0.0.1:${port}`, directory);
}
