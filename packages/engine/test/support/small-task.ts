import {
  type Candidate,
  type FinalMeasurement,
  type Task,
  type TaskEvent,
  TaskSubmission,
} from '@rewardsmith/contracts';
import { pino } from 'pino';
import { type Engine, type EngineSettings, openEngine } from '../../src/index.ts';

export const caller = { tenant: 'tests' };
export const logger = pino({ level: 'silent' });

/** A whole search that takes seconds: cart-pole, with budgets too small to judge by. */
export function smallTask(changes: Readonly<Record<string, unknown>> = {}): TaskSubmission {
  return TaskSubmission.parse({
    environment: 'cartpole',
    evaluator: { kind: 'simulation', training: { environmentSteps: 4_000, seeds: 2 } },
    search: { generations: 2, population: 3, seed: 11, finalists: 2 },
    ...changes,
  });
}

/** Opens an engine that works, with the settings of a test. */
export async function openWorking(settings: Partial<EngineSettings> & { dataDirectory: string }): Promise<Engine> {
  const engine = await openEngine({ logger, role: 'all', runners: 2, ...settings });
  await engine.start();
  return engine;
}

/** Submits what nobody has submitted before, or what was submitted with this key. */
export async function submit(
  engine: Engine,
  submission: TaskSubmission,
  { tenant = caller.tenant, key }: { readonly tenant?: string; readonly key?: string } = {},
): Promise<Task> {
  const submitted = await engine.tasks.submit({ tenant }, submission, key);
  if (submitted.kind === 'key-reused') throw new Error('the key was used before');
  return submitted.task;
}

/** Every event of a task, to its last. */
export async function eventsOf(engine: Engine, taskId: string): Promise<readonly TaskEvent[]> {
  return Array.fromAsync(engine.tasks.events(caller, taskId, 0, new AbortController().signal));
}

/** What a task came to, without identifiers and times: the same for the same seed, however it got there. */
export interface Outcome {
  readonly candidates: readonly Pick<
    Candidate,
    'generation' | 'index' | 'operator' | 'status' | 'source' | 'fitness'
  >[];
  readonly final: FinalMeasurement | null;
  readonly environmentSteps: number;
}

export async function outcomeOf(engine: Engine, task: Task): Promise<Outcome> {
  const page = await engine.tasks.candidates(caller, task.id, { limit: 200 });
  const candidates = [];
  const places = new Map((page?.items ?? []).map(({ id, generation, index }) => [id, `${generation}/${index}`]));
  for (const { id } of page?.items ?? []) {
    const candidate = await engine.tasks.candidate(caller, id);
    if (candidate === undefined) throw new Error(`candidate ${id} is listed and cannot be read`);
    const { generation, index, operator, status, source, fitness } = candidate;
    candidates.push({ generation, index, operator, status, source, fitness });
  }
  const ended = await engine.tasks.task(caller, task.id);
  const rivals = ended?.final?.rivals?.map((rival) => ({
    ...rival,
    subject: places.get(rival.subject) ?? rival.subject,
  }));
  return {
    candidates,
    final: ended?.final ? { ...ended.final, ...(rivals === undefined ? {} : { rivals }) } : null,
    environmentSteps: ended?.spending.environmentSteps ?? Number.NaN,
  };
}
