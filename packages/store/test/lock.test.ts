import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore, StoreError } from '../src/index.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rewardsmith-lock-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const writer = join(import.meta.dirname, 'writer.ts');

function startWriter(): ChildProcess {
  return spawn(process.execPath, [writer, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** The writer's lines as they come: each is the identifier of a task that it was told is committed. */
function lines(child: ChildProcess): AsyncIterator<string> {
  if (child.stdout === null) throw new Error('the writer has a pipe');
  return createInterface({ input: child.stdout })[Symbol.asyncIterator]();
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

describe('a data directory', () => {
  it('refuses a second opener, names the holder, and is free when the first one is killed', async () => {
    const child = startWriter();
    await lines(child).next();
    const second = openStore({ kind: 'embedded', dataDirectory: directory });
    await expect(second).rejects.toThrow(StoreError);
    await expect(second).rejects.toMatchObject({
      code: 'data-directory-locked',
      message: expect.stringContaining(`process ${child.pid}`),
    });
    await kill(child);
    const store = await openStore({ kind: 'embedded', dataDirectory: directory });
    await store.close();
  });

  it('refuses a second opener in the same process, and is free again after closing', async () => {
    const store = await openStore({ kind: 'embedded', dataDirectory: directory });
    await expect(openStore({ kind: 'embedded', dataDirectory: directory })).rejects.toMatchObject({
      code: 'data-directory-locked',
      message: expect.stringContaining(`process ${process.pid}`),
    });
    await store.close();
    await (await openStore({ kind: 'embedded', dataDirectory: directory })).close();
  });

  it('that is a file is one clear error', async () => {
    const file = join(directory, 'file');
    writeFileSync(file, '');
    await expect(openStore({ kind: 'embedded', dataDirectory: file })).rejects.toMatchObject({
      name: 'StoreError',
      code: 'data-directory-unusable',
    });
  });

  it('whose database is damaged is one clear error, and is not left locked', async () => {
    await (await openStore({ kind: 'embedded', dataDirectory: directory })).close();
    writeFileSync(join(directory, 'pgdata', 'PG_VERSION'), '9\n');
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await expect(openStore({ kind: 'embedded', dataDirectory: directory })).rejects.toMatchObject({
        code: 'data-directory-unusable',
      });
    }
  });
});

describe('killed in the middle of writing', () => {
  it('the embedded store loses no acknowledged task, event or step', async () => {
    const acknowledged: string[] = [];
    for (const lives of [1, 3, 7, 12]) {
      const child = startWriter();
      const told = lines(child);
      for (let count = 0; count < lives; count += 1) {
        const line = await told.next();
        if (!line.done) acknowledged.push(line.value);
      }
      await kill(child);
    }
    expect(acknowledged).toHaveLength(23);
    const store = await openStore({ kind: 'embedded', dataDirectory: directory });
    try {
      for (const id of acknowledged) {
        const events = await store.readEvents('alpha', id, 0, 10);
        expect(events.map(({ type }) => type)).toEqual(['task.submitted', 'task.started']);
        const steps = await store.transact(id, (move) => move.steps());
        expect(steps.map(({ key }) => key)).toEqual(['propose/0']);
      }
      // What was not acknowledged is there whole or not at all.
      for (const { id, lastSequence } of (await store.listTasks('alpha', { limit: 200 })).items) {
        expect(await store.readEvents('alpha', id, 0, 10)).toHaveLength(lastSequence);
        const steps = await store.transact(id, (move) => move.steps());
        expect(steps).toHaveLength(lastSequence - 1);
      }
    } finally {
      await store.close();
    }
  });
});
