import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { getPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Outcome } from '@rewardsmith/contracts';
import type { Labels, Rollout } from '@rewardsmith/rollouts';
import { afterEach, describe, expect, test } from 'vitest';
import { SandboxClosed, SandboxOverloaded } from '../src/errors.ts';
import { limits } from '../src/limits.ts';
import { completeSettings, type SandboxSettings } from '../src/settings.ts';
import { grantedHardening } from '../src/supervisor/hardening.ts';
import { Supervisor } from '../src/supervisor/supervisor.ts';
import { descriptors, lives, until } from './support/processes.ts';
import { body, cosine, endless, expectedCosine, rollout } from './support/programs.ts';

const recorded = rollout();
let supervisor: Supervisor;

function start(settings: Partial<SandboxSettings>): Supervisor {
  supervisor = new Supervisor(completeSettings({ runners: 1, spares: 0, wallMilliseconds: 60_000, ...settings }));
  return supervisor;
}

afterEach(() => supervisor.close());

/** The runner that is at work, once there is one. */
async function busyPid(): Promise<number> {
  const busy = () => supervisor.status.runners.find((runner) => runner.busy);
  await until(() => busy() !== undefined);
  return busy()?.pid ?? 0;
}

describe('a runner', () => {
  test('serves one tenant alone, and another tenant gets a new one', async () => {
    start({});
    await supervisor.label('first', cosine, recorded);
    const [before] = supervisor.status.runners;
    await supervisor.label('second', cosine, recorded);
    const [after] = supervisor.status.runners;
    expect([before?.tenant, after?.tenant]).toEqual(['first', 'second']);
    expect(after?.pid).not.toBe(before?.pid);
    await until(() => !lives(before?.pid ?? 0));
  });

  test('comes to no work that was given up while it was waited for', async () => {
    start({});
    await supervisor.label('tenant', cosine, recorded);
    const given = new AbortController();
    const gone = supervisor.label('tenant', endless, recorded, given.signal);
    given.abort(new Error('gone'));
    await expect(gone).rejects.toThrow('gone');
    // And the runner, which has come to nothing of it, is kept.
    await supervisor.label('tenant', cosine, recorded);
    expect(supervisor.status.started).toBe(1);
  });

  test('lives below the service with each of its threads', async () => {
    start({});
    await supervisor.label('tenant', cosine, recorded);
    const pid = supervisor.status.runners[0]?.pid ?? 0;
    const priorities = readdirSync(`/proc/${pid}/task`).map((thread) => getPriority(Number(thread)));
    expect(priorities.length).toBeGreaterThan(4);
    expect(new Set(priorities)).toEqual(new Set([Math.min(19, getPriority() + limits.priority)]));
  });

  test('is kept by a fault that it survived and retired by a timeout', async () => {
    start({ wallMilliseconds: 1_000 });
    await supervisor.label('tenant', cosine, recorded);
    const pid = supervisor.status.runners[0]?.pid;
    await supervisor.label('tenant', body('throw 1;'), recorded);
    expect(supervisor.status.runners[0]?.pid).toBe(pid);
    await supervisor.label('tenant', endless, recorded);
    await supervisor.label('tenant', cosine, recorded);
    expect(supervisor.status.runners[0]?.pid).not.toBe(pid);
  });

  test('is retired after its number of runs', async () => {
    start({ runsPerRunner: 3 });
    for (let run = 0; run < 7; run += 1) await supervisor.label('tenant', cosine, recorded);
    expect(supervisor.status.started).toBe(3);
  });

  test('is replaced beside those that work: a spare is ready when one is killed', async () => {
    start({ spares: 1, wallMilliseconds: 1_000 });
    await until(() => supervisor.status.idle === 2);
    const killed = supervisor.label('tenant', endless, recorded);
    expect(supervisor.status).toMatchObject({ busy: 1, idle: 1 });
    expect(await killed).toMatchObject({ kind: 'timed-out' });
    expect(await supervisor.label('tenant', cosine, recorded)).toMatchObject({ kind: 'ok' });
  });

  test('that is ended from outside does not cost the candidate: it runs again on another', async () => {
    start({});
    let calls = 0;
    const outcome = supervisor.label('tenant', endless, recorded);
    for (; calls < 2; calls += 1) {
      const pid = await busyPid();
      process.kill(pid, 'SIGKILL');
      await until(() => !supervisor.status.runners.some((runner) => runner.pid === pid));
    }
    expect(await outcome).toMatchObject({ kind: 'infrastructure' });
    expect(supervisor.status.started).toBeGreaterThanOrEqual(2);

    const good = supervisor.label('tenant', cosine, recorded);
    expect(await good).toMatchObject({ kind: 'ok' });
  });

  test('gets its answer right when the first runner is lost under it', async () => {
    start({});
    await supervisor.label('tenant', cosine, recorded);
    const pid = supervisor.status.runners[0]?.pid ?? 0;
    const outcome = supervisor.label('tenant', cosine, recorded);
    process.kill(pid, 'SIGKILL');
    const labels = await outcome;
    expect(labels.kind === 'ok' && [...(labels.value.columns[0] ?? [])]).toEqual(expectedCosine(recorded));
  });

  test('has no descriptor but its channel, no directory of the service and no environment', async () => {
    start({});
    await supervisor.label('tenant', cosine, recorded);
    const pid = supervisor.status.runners[0]?.pid ?? 0;
    expect(readFileSync(`/proc/${pid}/environ`, 'latin1')).toBe('');
    expect(readlinkSync(`/proc/${pid}/cwd`)).toBe('/');
    const open = [...descriptors(pid)].filter(([, target]) => !target.startsWith('anon_inode:'));
    const own = open.filter(([, target]) => target !== '/dev/null');
    expect(own.map(([number, target]) => [number, target.split(':')[0]])).toEqual([[3, 'socket']]);
  });

  test.skipIf(process.platform !== 'linux')(
    'is held by the kernel to few descriptors, no dump and no written byte, and to what the machine grants beyond (needs /proc)',
    async () => {
      start({});
      await supervisor.label('tenant', cosine, recorded);
      const pid = supervisor.status.runners[0]?.pid ?? 0;
      const bounds = readFileSync(`/proc/${pid}/limits`, 'latin1');
      for (const bound of [/^Max open files +64 +64 /m, /^Max core file size +0 +0 /m, /^Max file size +0 +0 /m]) {
        expect(bounds).toMatch(bound);
      }
      const { noNetwork, noCapabilities, endsWithSupervisor } = grantedHardening();
      const status = readFileSync(`/proc/${pid}/status`, 'latin1');
      if (endsWithSupervisor) expect(status).toMatch(/^NoNewPrivs:\s1$/m);
      if (noCapabilities) {
        for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb']) {
          expect(status).toMatch(new RegExp(`^${set}:\\s0+$`, 'm'));
        }
      }
      if (noNetwork) {
        expect(readlinkSync(`/proc/${pid}/ns/net`)).not.toBe(readlinkSync('/proc/self/ns/net'));
        // Two lines of headings, and the loopback, which is down.
        expect(readFileSync(`/proc/${pid}/net/dev`, 'latin1').trim().split('\n')).toHaveLength(3);
      }
    },
  );
});

test.skipIf(process.platform !== 'linux')(
  'a runner gets none of the descriptors that its service was started with (needs /proc)',
  () => {
    const script = fileURLToPath(new URL('support/inheriting-parent.ts', import.meta.url));
    const file = openSync(script, 'r');
    // A small number, and some that libuv does not look at.
    const stdio: (number | 'ignore' | 'pipe')[] = Array.from({ length: 70 }, () => 'ignore');
    stdio[1] = 'pipe';
    for (const number of [5, 23, 24, 40, 69]) stdio[number] = file;
    const { stdout } = spawnSync(process.execPath, ['--no-node-snapshot', script], { stdio, encoding: 'utf8' });
    closeSync(file);
    const { own, runners }: { own: number[]; runners: [number, string][] } = JSON.parse(stdout);
    expect(own).toEqual(expect.arrayContaining([5, 23, 24, 40, 69]));
    const targets = runners.map(([, target]) => target);
    expect(targets.filter((target) => target.startsWith('/') && target !== '/dev/null')).toEqual([]);
    expect(targets.filter((target) => target.startsWith('socket:'))).toHaveLength(1);
  },
);

describe('a rollout on its way to a runner', () => {
  /** Stops a runner, has it asked for labels of `large`, and comes back when as much of that is written as a socket holds. */
  async function halfWritten(large: Rollout, signal?: AbortSignal) {
    start({});
    await supervisor.label('tenant', cosine, recorded);
    const pid = supervisor.status.runners[0]?.pid ?? 0;
    process.kill(pid, 'SIGSTOP');
    const outcome = supervisor.label('tenant', cosine, large, signal);
    outcome.catch(() => {});
    expect(await busyPid()).toBe(pid);
    return { pid, outcome };
  }

  /** Not the numbers themselves: all that differ would be told. */
  const areExpected = (outcome: Outcome<Labels>, expected: readonly number[]): boolean =>
    outcome.kind === 'ok' && expected.every((value, step) => Object.is(outcome.value.columns[0]?.[step], value));

  test('is given up with the request, and the next request gets its own labels', async () => {
    const abort = new AbortController();
    const { pid, outcome } = await halfWritten(rollout(20_000), abort.signal);
    abort.abort(new Error('enough'));
    await expect(outcome).rejects.toThrow('enough');
    expect(areExpected(await supervisor.label('tenant', cosine, recorded), expectedCosine(recorded))).toBe(true);
    await until(() => !lives(pid));
    expect(supervisor.status.started).toBe(2);
  });

  test('goes to another one when that is killed', async () => {
    const large = rollout(20_000);
    const { pid, outcome } = await halfWritten(large);
    process.kill(pid, 'SIGKILL');
    expect(areExpected(await outcome, expectedCosine(large))).toBe(true);
  });

  test('goes to another one when that does not read it', async () => {
    const large = rollout(20_000);
    const { pid, outcome } = await halfWritten(large);
    expect(areExpected(await outcome, expectedCosine(large))).toBe(true);
    expect(lives(pid)).toBe(false);
  });

  test('arrives as it stood when it was asked for, whatever its owner has written to it since', async () => {
    const large = rollout(20_000);
    const expected = expectedCosine(large);
    const { pid, outcome } = await halfWritten(large);
    for (const column of large.columns) column.fill(1);
    process.kill(pid, 'SIGCONT');
    expect(areExpected(await outcome, expected)).toBe(true);
    expect(supervisor.status.started).toBe(1);
  });
});

describe('under load', () => {
  test('requests wait in a queue of fixed length and the next one is shed', async () => {
    start({ queued: 2 });
    await supervisor.label('tenant', cosine, recorded);
    const waiting = [1, 2, 3].map(() => supervisor.label('tenant', cosine, recorded));
    await until(() => supervisor.status.queued === 2);
    await expect(supervisor.label('tenant', cosine, recorded)).rejects.toBeInstanceOf(SandboxOverloaded);
    for (const outcome of await Promise.all(waiting)) expect(outcome.kind).toBe('ok');
  });

  test('closing refuses those who wait and leaves no process', async () => {
    start({});
    await supervisor.label('tenant', cosine, recorded);
    const running = supervisor.label('tenant', endless, recorded);
    const waiting = supervisor.label('tenant', cosine, recorded);
    const refused = Promise.allSettled([running, waiting]);
    const pid = await busyPid();
    await supervisor.close();
    for (const result of await refused) {
      expect(result.status === 'rejected' && result.reason).toBeInstanceOf(SandboxClosed);
    }
    expect(lives(pid)).toBe(false);
  });

  test('a signal ends a run at once, and a request that still waits', async () => {
    start({});
    const abort = new AbortController();
    const running = supervisor.label('tenant', endless, recorded, abort.signal);
    const waiting = supervisor.label('tenant', cosine, recorded, abort.signal);
    const settled = Promise.allSettled([running, waiting]);
    await busyPid();
    abort.abort(new Error('enough'));
    for (const result of await settled)
      expect(result).toMatchObject({ status: 'rejected', reason: { message: 'enough' } });
    expect(await supervisor.label('tenant', cosine, recorded)).toMatchObject({ kind: 'ok' });
  });

  test('hundreds of runs, killed ones among them, leave no descriptor and no process behind', async () => {
    start({ runsPerRunner: 25, wallMilliseconds: 100 });
    await supervisor.label('tenant', cosine, recorded);
    // Whoever is still starting has descriptors of its own soon.
    await until(() => supervisor.status.starting === 0);
    const before = descriptors('self').size;
    const seen = new Set<number>();
    for (let run = 0; run < 200; run += 1) {
      await supervisor.label('tenant', run % 40 === 0 ? endless : cosine, recorded);
      for (const { pid } of supervisor.status.runners) seen.add(pid);
    }
    // The last run may have been ended, too, where the machine is busy: its runner's replacement is let come up.
    const settled = () => supervisor.status.starting === 0 && [...seen].filter(lives).length <= 1;
    // What is left open for good is a leak; what is being closed or opened is none.
    await until(() => settled() && descriptors('self').size <= before + 2);
  });
});
