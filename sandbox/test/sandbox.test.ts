import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { createSandbox } from '../src/index.ts';
import { sandboxContract } from './support/contract.ts';
import { lives, until } from './support/processes.ts';

sandboxContract('a sandbox of one runner', (settings) => createSandbox({ ...settings, runners: 1, spares: 0 }));
sandboxContract('a sandbox with spares', (settings) => createSandbox({ ...settings, runners: 2, spares: 1 }));
sandboxContract('a sandbox that uses a runner once', (settings) =>
  createSandbox({ ...settings, runners: 1, runsPerRunner: 1 }),
);

describe('a supervisor that is killed', () => {
  test.each(['hardened', 'portable'])('takes its runner with it in the middle of a training (%s)', async (mode) => {
    const script = fileURLToPath(new URL('./support/orphaning-parent.ts', import.meta.url));
    const parent = spawn(process.execPath, [script, mode], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(parent.stdout, 'data');
    const pid = Number(String(line));
    expect(lives(pid)).toBe(true);
    parent.kill('SIGKILL');
    await until(() => !lives(pid));
  });
});
