import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { completeSettings } from '../src/settings.ts';
import { runnerCommand } from '../src/supervisor/command.ts';
import { Runner, runnerEntry } from '../src/supervisor/runner.ts';
import { Supervisor } from '../src/supervisor/supervisor.ts';
import { body, cosine, rollout } from './support/programs.ts';

const traces = spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0;

/** The calls of a runner's process and threads, each as strace writes it, from the message on that says it is ready. */
async function callsAfterReady(): Promise<string[]> {
  const directory = mkdtempSync(join(tmpdir(), 'calls-'));
  const log = join(directory, 'log');
  const { file, arguments: given } = runnerCommand(runnerEntry);
  const options = ['-f', '-qq', '-e', 'signal=none', '-e', 'trace=%file,%network,%process,write', '-o', log];
  const command = { file: 'strace', arguments: [...options, file, ...given] };
  const settings = completeSettings({ runners: 1, spares: 0, wallMilliseconds: 60_000 });
  const supervisor = new Supervisor(settings, (watcher) => Runner.start(watcher, command));
  try {
    const outcomes = [];
    for (const program of [cosine, body('throw new Error("x")'), body('import("node:fs")'), cosine]) {
      outcomes.push((await supervisor.label('tenant', program, rollout(20_000))).kind);
    }
    expect(outcomes).toEqual(['ok', 'crashed', expect.stringMatching(/^(ok|crashed)$/), 'ok']);
    expect(supervisor.status.started).toBe(1);
    // Read while it lives: its end is not the candidate's.
    const calls = readFileSync(log, 'utf8')
      .split('\n')
      .map((line) => line.replace(/^\d+\s+/, ''));
    return calls.slice(calls.findIndex((call) => call.startsWith('write(3,') && call.includes('ready')));
  } finally {
    await supervisor.close();
    rmSync(directory, { recursive: true });
  }
}

describe('a runner seen from the kernel', () => {
  test.skipIf(!traces)(
    'opens no file, no socket and no process once it is ready (skipped where strace is missing)',
    async () => {
      const calls = await callsAfterReady();
      expect(calls.filter((call) => call.startsWith('write(3,')).length).toBeGreaterThan(8);
      const known = /^(write\(3,|clone3?\(.*CLONE_THREAD|<\.\.\. (write|clone3?) resumed>|(exit|futex)\()|^$/;
      // Threads wake each other by writing to a descriptor of the event loop.
      const woken = /^write\(\d+, "(\\1\\0\\0\\0\\0\\0\\0\\0|\\1|\*)", (8|1)/;
      expect(calls.filter((call) => !known.test(call) && !woken.test(call))).toEqual([]);
    },
  );
});
