import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sandboxWalls } from '@rewardsmith/sandbox';
import { afterAll, describe, expect, test } from 'vitest';
import { readSettings } from '../src/config.ts';
import { startServer } from '../src/server.ts';

const directory = mkdtempSync(join(tmpdir(), 'walls-'));
afterAll(() => rmSync(directory, { recursive: true }));

const settings = (walls: string) =>
  readSettings({
    REWARDSMITH_DATA: directory,
    REWARDSMITH_PORT: '0',
    REWARDSMITH_RUNNERS: '1',
    REWARDSMITH_LOG: 'silent',
    REWARDSMITH_WALLS: walls,
  });

describe('a service that demands walls', () => {
  test('starts with those that stand and refuses to start without one that does not', async () => {
    const reports = await sandboxWalls();
    const standing = reports.filter(({ stands }) => stands).map(({ wall }) => wall);
    const server = await startServer(settings(standing.join(', ')));
    await server.close();
    const [missing] = reports.filter(({ stands }) => !stands);
    if (missing === undefined) return;
    await expect(startServer(settings(`language,${missing.wall}`))).rejects.toMatchObject({
      code: 'sandbox-wall-missing',
      message: expect.stringContaining(`${missing.wall} wall`),
    });
  });

  test('refuses a wall that there is not, by the name of the variable', () => {
    expect(() => settings('language,moat')).toThrow('REWARDSMITH_WALLS');
  });
});
