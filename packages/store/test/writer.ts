import { openStore } from '../src/index.ts';
import { newTask } from './rows.ts';

/** Writes tasks without end, four at a time, and prints each one's identifier once it is committed; killed by its test. */
const store = await openStore({ kind: 'embedded', dataDirectory: process.argv[2] ?? '' });

async function write(): Promise<never> {
  for (;;) {
    const { row } = await store.createTask(newTask());
    await store.transact(row.id, async (move) => {
      await move.appendEvents([{ type: 'task.started' }]);
      await move.insertSteps([{ key: 'propose/0', kind: 'propose', input: {} }]);
    });
    process.stdout.write(`${row.id}\n`);
  }
}

await Promise.all([write(), write(), write(), write()]);
