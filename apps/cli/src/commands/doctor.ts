import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readdirSync, statfsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, freemem, totalmem } from 'node:os';
import { join } from 'node:path';
import pc from 'picocolors';
import { home, root } from '../root.ts';

interface Diagnosis {
  readonly name: string;
  readonly state: 'good' | 'optional' | 'missing';
  readonly detail: string;
}

function version(command: string, args: readonly string[]): string | undefined {
  try {
    return execFileSync(command, [...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
      .trim()
      .split('\n')[0];
  } catch {
    return undefined;
  }
}

function tool(name: string, command: string, args: readonly string[], use: string, get: string): Diagnosis {
  const found = version(command, args);
  return found === undefined
    ? { name, state: 'optional', detail: `not found; ${use}. To get it: ${get}` }
    : { name, state: 'good', detail: found };
}

function node(): Diagnosis {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const { engines } = createRequire(import.meta.url)(join(root, 'package.json'));
  const [, leastMajor, leastMinor] = /^>=(\d+)\.(\d+)$/.exec(engines.node)?.map(Number) ?? [];
  if (leastMajor === undefined || leastMinor === undefined)
    throw new Error(`package.json needs Node "${engines.node}"`);
  return major > leastMajor || (major === leastMajor && minor >= leastMinor)
    ? { name: 'Node', state: 'good', detail: `v${process.versions.node}` }
    : {
        name: 'Node',
        state: 'missing',
        detail: `v${process.versions.node}, needs ${leastMajor}.${leastMinor}; ./rewardsmith fetches it`,
      };
}

/** Whether the service takes these variables, and the walls that they demand. */
async function environment(): Promise<{ readonly diagnosis: Diagnosis; readonly demanded: readonly string[] }> {
  const name = 'environment';
  const api = await import('@rewardsmith/api').catch(() => undefined);
  if (api === undefined) {
    const detail = 'its reader cannot be loaded. Run ./rewardsmith exec pnpm install';
    return { diagnosis: { name, state: 'missing', detail }, demanded: [] };
  }
  try {
    const { readSettings } = api;
    const { REWARDSMITH_WALLS: demanded = [] } = readSettings(process.env);
    return { diagnosis: { name, state: 'good', detail: 'every variable is one that the service takes' }, demanded };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { diagnosis: { name, state: 'missing', detail }, demanded: [] };
  }
}

/** Which walls of the sandbox stand here, as found by trying them. The container's is the deployment's to give, where it is not demanded. */
async function sandbox(demanded: readonly string[]): Promise<Diagnosis[]> {
  try {
    const { sandboxWalls } = await import('@rewardsmith/sandbox');
    const reports = await sandboxWalls();
    return reports.map(({ wall, stands, detail }) => {
      const state = stands ? 'good' : wall === 'container' && !demanded.includes(wall) ? 'optional' : 'missing';
      return { name: `${wall} wall`, state, detail };
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return [{ name: 'walls', state: 'missing', detail: `${message}. Run ./rewardsmith exec pnpm install` }];
  }
}

function disk(): Diagnosis {
  mkdirSync(home, { recursive: true });
  try {
    accessSync(home, constants.W_OK);
  } catch {
    return {
      name: 'data directory',
      state: 'missing',
      detail: `${home} cannot be written; give yourself the right to`,
    };
  }
  const { bavail, bsize } = statfsSync(home);
  const gigabytes = (bavail * bsize) / 1e9;
  return gigabytes < 1
    ? { name: 'disk', state: 'missing', detail: `${gigabytes.toFixed(1)} GB free; needs 1 GB: free some` }
    : { name: 'disk', state: 'good', detail: `${gigabytes.toFixed(0)} GB free` };
}

function memory(): Diagnosis {
  const [free, total] = [freemem() / 1e9, totalmem() / 1e9];
  const detail = `${free.toFixed(1)} of ${total.toFixed(1)} GB free, ${availableParallelism()} cores`;
  return { name: 'memory', state: total < 2 ? 'missing' : 'good', detail };
}

/** Debian keeps the server's programs out of the path. */
function postgres(): Diagnosis {
  const base = '/usr/lib/postgresql';
  const debian = existsSync(base) ? readdirSync(base).map((name) => join(base, name, 'bin/postgres')) : [];
  const command = ['postgres', ...debian].find((path) => version(path, ['--version']) !== undefined) ?? 'postgres';
  return tool(
    'PostgreSQL',
    command,
    ['--version'],
    'only its tests and a served deployment need it',
    'apt-get install postgresql',
  );
}

const marks = { good: pc.green('ok     '), optional: pc.yellow('absent '), missing: pc.red('missing') };

/** Says what is missing on this machine and how to get it. Exit code 1 when something that is needed is. */
export async function doctor(): Promise<void> {
  const { diagnosis, demanded } = await environment();
  const found = [
    node(),
    diagnosis,
    ...(await sandbox(demanded)),
    disk(),
    memory(),
    tool('Python', 'python3', ['--version'], 'exported Python rewards are tested with it', 'apt-get install python3'),
    postgres(),
    tool(
      'Redis',
      'redis-server',
      ['--version'],
      'only its tests and a served deployment need it',
      'apt-get install redis-server',
    ),
    tool(
      'Docker Compose',
      'docker',
      ['compose', 'version'],
      'only the composed deployment needs it',
      'apt-get install docker-compose-plugin',
    ),
  ];
  for (const { name, state, detail } of found) process.stdout.write(`${marks[state]} ${name.padEnd(16)} ${detail}\n`);
  if (found.some(({ state }) => state === 'missing')) process.exitCode = 1;
}
