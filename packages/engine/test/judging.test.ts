import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ModelServer, startModelServer } from '@rewardsmith/model-server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../src/index.ts';
import { designText, modelSource, modelTask, soundModel } from './support/model-task.ts';
import { caller, eventsOf, openWorking, submit } from './support/small-task.ts';

const hover = `export function reward({ next }) {
  return { near: tolerance(next.position, [0.3, 0.45], 0.4), reached: next.position >= 0.45 ? 5 : 0 };
}
`;
const loiter = `export function reward({ next }) {
  return { speed: 20 * Math.abs(next.velocity), reached: next.position >= 0.45 ? 1 : 0 };
}
`;
const energy = `export function reward({ action, next }) {
  const height = 0.45 * Math.sin(3 * next.position);
  return {
    goal: next.position >= 0.45 ? 100 : 0,
    energy: height + 100 * next.velocity * next.velocity - 1,
    fuel: -0.1 * action[0] * action[0],
  };
}
`;

/** What the endpoint designs, in turn. */
let designs: readonly string[] = [];
let models: ModelServer;
let engine: Engine;
const directory = mkdtempSync(join(tmpdir(), 'rewardsmith-judging-'));

beforeAll(async () => {
  let answer = soundModel();
  let asked: readonly string[] = [];
  models = await startModelServer({
    script: (request) => {
      if (asked !== designs) {
        asked = designs;
        answer = soundModel({ design: (_, count) => ({ kind: 'text', text: designText(designs[count - 1] ?? '') }) });
      }
      return answer(request);
    },
  });
  engine = await openWorking({ dataDirectory: directory, models: modelSource(models.url) });
});
afterAll(async () => {
  await engine.close();
  await models.close();
  rmSync(directory, { recursive: true, force: true });
});

async function taskWith(sources: readonly string[], changes: Readonly<Record<string, unknown>> = {}) {
  designs = sources;
  const { id } = await submit(
    engine,
    modelTask({
      environment: 'mountain-car-continuous',
      evaluator: { kind: 'simulation', training: { environmentSteps: 150_000, seeds: 1 } },
      search: { generations: 1, population: sources.length },
      model: { review: false, summarise: false, repairs: 0 },
      ...changes,
    }),
  );
  const events = await eventsOf(engine, id);
  const task = await engine.tasks.task(caller, id);
  if (task?.final === null || task === undefined) throw new Error(`the task is ${task?.status}: ${task?.failure}`);
  return { events, task, final: task.final };
}

test('a hacked reward is flagged beside a good one, with the component, the episode and the steps', async () => {
  const { events, task, final } = await taskWith([hover, energy]);
  const flagged = events.filter((event) => event.type === 'candidate.flagged');
  expect(flagged).toHaveLength(1);
  const candidate = await engine.tasks.candidate(caller, flagged[0]?.candidateId ?? '');
  expect(candidate?.source).toContain('tolerance(next.position');
  expect(candidate?.findings[0]).toMatchObject({ code: 'reward-hacking', severity: 'error', component: 'near' });
  for (const { fromStep, toStep } of candidate?.findings[0]?.evidence ?? []) expect(fromStep).toBeLessThan(toStep);
  expect(flagged[0]?.findings[0]).toEqual(candidate?.findings[0]);
  expect(task.bestCandidateId).not.toBe(candidate?.id);
  expect(final.flags?.filter(({ severity }) => severity === 'error')).toEqual([]);
});

test('a reward is judged by the fitness of the task where it has one of its own', async () => {
  // Who stops in the valley does what is asked for; the environment's own success is of no account.
  const source = `export function success({ next }) {\n  return Math.abs(next.velocity) <= 0.001 && next.position <= 0;\n}\n`;
  const still = `export function reward({ next }) {
  return { still: tolerance(next.velocity, [0, 0], 0.01), low: next.position > 0 ? -1 : 0 };
}
`;
  const { events, task } = await taskWith([still, energy], { fitness: { source, aggregate: 'mean' } });
  const best = await engine.tasks.candidate(caller, task.bestCandidateId ?? '');
  expect(best?.components).toEqual(['still', 'low']);
  const flagged = events.filter((event) => event.type === 'candidate.flagged').map(({ candidateId }) => candidateId);
  expect(flagged).not.toContain(task.bestCandidateId);
});

test('a hacked reward that wins for want of a better one does not win silently', async () => {
  const { events, final } = await taskWith([hover, loiter]);
  expect(final.flags?.[0]).toMatchObject({ code: 'reward-hacking', severity: 'error' });
  expect(final.best.mean).toBeLessThan(final.human.mean);
  expect(final.probabilityBest).toBeLessThan(0.05);
  const completed = events.at(-1);
  expect(completed).toMatchObject({ type: 'task.completed', final: { flags: [{ code: 'reward-hacking' }, {}] } });
});
