import { caller, openWorking, smallTask } from './small-task.ts';

/** An engine in a process of its own, to be killed: submits the small task once, then writes a line an event. */
const [dataDirectory = ''] = process.argv.slice(2);
const engine = await openWorking({ dataDirectory });
const submitted = await engine.tasks.submit(caller, smallTask(), 'the-only-one');
if (submitted.kind === 'key-reused') throw new Error('another task has this key');
for await (const event of engine.tasks.events(caller, submitted.task.id, 0, new AbortController().signal)) {
  process.stdout.write(`${event.sequence} ${event.type}\n`);
}
await engine.close();
