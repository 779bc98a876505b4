import { caller, openWorking, smallTask, submit } from './small-task.ts';

/** An engine in a process of its own, to be killed: submits the small task once, then writes a line an event. */
const [dataDirectory = ''] = process.argv.slice(2);
const engine = await openWorking({ dataDirectory });
const { id } = await submit(engine, smallTask(), { key: 'the-only-one' });
for await (const event of engine.tasks.events(caller, id, 0, new AbortController().signal)) {
  process.stdout.write(`${event.sequence} ${event.type}\n`);
}
await engine.close();
