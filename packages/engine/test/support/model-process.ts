import { modelSource, modelTask } from './model-task.ts';
import { caller, openWorking } from './small-task.ts';

/** An engine in a process of its own, to be killed: submits one task whose designer is a model, then a line an event. */
const [dataDirectory = '', baseUrl = ''] = process.argv.slice(2);
const engine = await openWorking({ dataDirectory, models: modelSource(baseUrl) });
const submitted = await engine.tasks.submit(caller, modelTask({ search: { population: 1 } }), 'the-only-one');
if (submitted.kind === 'key-reused') throw new Error('another task has this key');
for await (const event of engine.tasks.events(caller, submitted.task.id, 0, new AbortController().signal)) {
  process.stdout.write(`${event.sequence} ${event.type}\n`);
}
await engine.close();
