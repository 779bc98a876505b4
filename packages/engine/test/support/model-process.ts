import { modelSource, modelTask } from './model-task.ts';
import { caller, openWorking, submit } from './small-task.ts';

/** An engine in a process of its own, to be killed: submits one task whose designer is a model, then a line an event. */
const [dataDirectory = '', baseUrl = '', population = '1', concurrency = '4'] = process.argv.slice(2);
const models = modelSource(baseUrl, { REWARDSMITH_MODEL_CONCURRENCY: concurrency });
const engine = await openWorking({ dataDirectory, models });
const { id } = await submit(engine, modelTask({ search: { population: Number(population) } }), { key: 'the-only-one' });
for await (const event of engine.tasks.events(caller, id, 0, new AbortController().signal)) {
  process.stdout.write(`${event.sequence} ${event.type}\n`);
}
await engine.close();
