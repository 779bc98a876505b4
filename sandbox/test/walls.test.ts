import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { createSandbox, SandboxWallMissing, sandboxWalls } from '../src/index.ts';
import { scopes } from '../src/runner/lock-down.ts';
import { nodeArguments } from '../src/supervisor/command.ts';
import { Runner, runnerEntry } from '../src/supervisor/runner.ts';
import { Watcher } from '../src/supervisor/watcher.ts';
import { childrenOf } from './support/processes.ts';

describe('the walls of this machine', () => {
  test('are tried: the three that need no container stand', async () => {
    const reports = await sandboxWalls();
    expect(reports.map(({ wall }) => wall)).toEqual(['language', 'isolate', 'process', 'container']);
    for (const report of reports.slice(0, 3)) expect(report).toMatchObject({ stands: true });
  });

  test('are demanded: a sandbox that must have a wall it lacks does not start', async () => {
    const container = (await sandboxWalls()).find(({ wall }) => wall === 'container');
    const started = createSandbox({ runners: 1, spares: 0, requiredWalls: ['language', 'container'] });
    if (container?.stands === true) return (await started).close();
    await expect(started).rejects.toBeInstanceOf(SandboxWallMissing);
    await expect(started).rejects.toThrow('container wall');
  });

  test('are not missed for the little time that candidates are given', async () => {
    const sandbox = await createSandbox({ runners: 1, spares: 0, wallMilliseconds: 1, cpuMilliseconds: 1 });
    expect(sandbox.status().settings).toMatchObject({ wallMilliseconds: 1, cpuMilliseconds: 1 });
    await sandbox.close();
  });

  // Of a name that it does not know, the permission model says that it is not granted.
  test('name each permission as this Node does, and all that it has a flag for', () => {
    const node = (...given: string[]) => execFileSync(process.execPath, given, { encoding: 'utf8' });
    const flags = [...new Set(node('--help').match(/--allow-[a-z-]+/g))];
    const given = flags.map((flag) =>
      flag.startsWith('--allow-fs-') && flag !== '--allow-fs-vfs' ? `${flag}=*` : flag,
    );
    const told = `console.log(${JSON.stringify(scopes)}.filter((scope) => process.permission.has(scope)).join())`;
    expect(
      node('--no-warnings', '--permission', ...given, '-e', told)
        .trim()
        .split(','),
    ).toEqual([...scopes]);
    // A file system of its own in memory has a flag and no permission; Node leaves it out unless it is asked for.
    expect(flags.filter((flag) => flag !== '--allow-fs-vfs')).toHaveLength(scopes.length);
  });

  test('are not lent a process that nobody can watch: it ends', async () => {
    const watcher = new Watcher(1);
    const first = await Runner.start(watcher);
    const before = childrenOf(process.pid);
    await expect(Runner.start(watcher)).rejects.toThrow('more than 1 runners at once');
    expect(childrenOf(process.pid)).toEqual(before);
    first.kill();
    await first.exited;
    await watcher.close();
  });

  test('are not believed: a runner that kept a permission is not used', async () => {
    const watcher = new Watcher(1);
    const open = { file: process.execPath, arguments: nodeArguments(runnerEntry, false) };
    await expect(Runner.start(watcher, open)).rejects.toThrow('kept permissions: fs.read');
    await watcher.close();
  });
});
