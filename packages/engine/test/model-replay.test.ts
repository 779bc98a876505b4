import { Conversation } from '@rewardsmith/llm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../src/index.ts';
import { designText, modelTask, soundModel, soundReward } from './support/model-task.ts';
import { endOf, ModelWorld } from './support/model-world.ts';
import { caller, eventsOf, openWorking, outcomeOf, submit } from './support/small-task.ts';

const world = new ModelWorld();
let engine: Engine;
beforeAll(async () => {
  engine = await world.start();
});
afterAll(() => world.end());

test('a task is run again from its record, offline, with the same candidates and scores', async () => {
  world.answer = soundModel({
    design: (_, count) =>
      count === 2 ? { kind: 'refusal', text: 'no' } : { kind: 'text', text: designText(soundReward(count)) },
  });
  const submission = modelTask({
    model: {
      designer: {
        models: [
          { model: 'small', weight: 2 },
          { model: 'weak', weight: 1 },
        ],
      },
    },
  });
  const task = await submit(engine, submission);
  await eventsOf(engine, task.id);
  const outcome = await outcomeOf(engine, task);
  const said = await engine.tasks.conversation(caller, task.id, { limit: 200 });
  if (said.kind !== 'ok') throw new Error(said.kind);
  const conversation = Conversation.parse(JSON.parse(JSON.stringify(said.conversation)));
  const seen = world.since();
  const again = await openWorking({ dataDirectory: world.directory(), models: { kind: 'record', conversation } });
  try {
    const second = await submit(again, submission);
    await eventsOf(again, second.id);
    expect(await outcomeOf(again, second)).toEqual(outcome);
    expect((await endOf(again, second.id)).modelCost).toEqual((await endOf(engine, task.id)).modelCost);
  } finally {
    await again.close();
  }
  expect(seen.account.requests).toBe(0);
});
