import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readSettings } from '../src/config.ts';
import { startServer } from '../src/server.ts';

const directory = mkdtempSync(join(tmpdir(), 'limits-'));
afterAll(() => rmSync(directory, { recursive: true }));

const settings = (variables: Readonly<Record<string, string>>) =>
  readSettings({
    REWARDSMITH_DATA: directory,
    REWARDSMITH_PORT: '0',
    REWARDSMITH_RUNNERS: '1',
    REWARDSMITH_LOG: 'silent',
    ...variables,
  });

const environment = {
  name: 'limits',
  observation: [{ name: 'x', shape: [] }],
  action: { kind: 'discrete', n: 2 },
  maxEpisodeSteps: 10,
};
const source = 'export function reward({ next }) { return { a: next.x, b: 1 }; }';
const step = { obs: { x: 0 }, action: 0, next: { x: 1 }, terminated: false, truncated: false };

describe('limits of the sandbox that the environment gives', () => {
  test('hold in the service', async () => {
    const ask = async (path: string, more: object, variables: Readonly<Record<string, string>>) => {
      const { address, close } = await startServer(settings(variables));
      try {
        const response = await fetch(`${address}/v1/rewards/${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ source, environment, ...more }),
        });
        return { status: response.status, text: await response.text() };
      } finally {
        await close();
      }
    };
    const rows = [step, step];
    expect(await ask('label', { rows }, {})).toMatchObject({ status: 200 });
    for (const [path, more, variable, value, code] of [
      ['label', { rows }, 'COMPONENTS', '1', 'too-many-components'],
      ['label', { rows }, 'PROGRAM_LENGTH', '20', 'program-too-large'],
      ['label', { rows }, 'ROWS', '1', 'rollout-too-large'],
      ['label', { rows }, 'OUTPUT_BYTES', '10', 'output-too-large'],
      ['export', { target: 'python' }, 'COMPONENTS', '1', 'too-many-components'],
    ] as const) {
      const refused = await ask(path, more, { [`REWARDSMITH_SANDBOX_${variable}`]: value });
      expect(refused.text).toContain(code);
      expect(refused.status).toBe(422);
    }
  });

  test('are refused by the names of all variables that are wrong', () => {
    const wrong = { ROWS: '-1', WALL_MILLISECONDS: '1e3', MEMORY_BYTES: '5', SPARES: '0' };
    const variables = Object.fromEntries(
      Object.entries(wrong).map(([name, value]) => [`REWARDSMITH_SANDBOX_${name}`, value]),
    );
    expect(() => settings(variables)).toThrow(
      /ROWS: must be .*"-1"; REWARDSMITH_SANDBOX_WALL_MILLISECONDS: .*"1e3"; REWARDSMITH_SANDBOX_MEMORY_BYTES: must be .* at least 134217728/,
    );
    expect(() => settings({ REWARDSMITH_SANDBOX_ROW: '1' })).toThrow(/SANDBOX_ROW: there is .*SANDBOX_ROWS/);
  });
});
