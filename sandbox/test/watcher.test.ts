import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { completeSettings } from '../src/settings.ts';
import { Supervisor } from '../src/supervisor/supervisor.ts';
import { cosine, rollout } from './support/programs.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

describe('the watcher', () => {
  test('holds the deadline while it cannot read a process, and the other limits from when it can again', async () => {
    const script = fileURLToPath(new URL('./support/out-of-descriptors.ts', import.meta.url));
    const bounded = ['-c', 'ulimit -n 120; exec "$@"', 'bounded', process.execPath, script];
    const watching = spawn('/bin/sh', bounded, { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      expect(JSON.parse((await watching.stdout.toArray()).join(''))).toEqual(['deadline', 'deadline', 'memory']);
    } finally {
      watching.kill('SIGKILL');
    }
  });

  test('is not moved by whoever sets the clock of the day', async () => {
    const supervisor = new Supervisor(completeSettings({ runners: 1, spares: 0, wallMilliseconds: 60_000 }));
    const now = Date.now();
    vi.spyOn(Date, 'now').mockReturnValue(now - 3_600_000);
    const outcome = await supervisor.label('tenant', cosine, rollout(200_000));
    await supervisor.close();
    expect(outcome).toMatchObject({ kind: 'ok' });
  });
});
