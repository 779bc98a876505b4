import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type BuiltinEnvironment, builtinEnvironments } from '@rewardsmith/environments';
import { compile, emitTarget } from '@rewardsmith/language';
import { z } from 'zod';
import { python } from '../language/exports.ts';
import type { GymnasiumTask } from './gymnasium.ts';

const script = join(import.meta.dirname, 'train.py');
const requirements = join(import.meta.dirname, '../../../.ci/python-requirements.txt');

const Failed = z.object({ error: z.string() });
const Trained = z.object({ fitness: z.number(), gymnasiumReturn: z.number(), seconds: z.number() });
const Checked = z.object({ worst: z.record(z.string(), z.number()), ends: z.int(), steps: z.int() });
/** Fitness of the deterministic policy that a training ended with, and Gymnasium's own return of it. */
export type Trained = z.infer<typeof Trained>;
/** How far Gymnasium's steps were from what the task's law says at most, by component, and how many of them ended an episode. */
export type Checked = z.infer<typeof Checked>;

export interface TrainingInGymnasium {
  readonly task: GymnasiumTask;
  /** In the reward language. */
  readonly reward: string;
  readonly steps: number;
  readonly seed: number;
  /** Episodes of the measurement, and the seed that they are drawn from. */
  readonly episodes: number;
  readonly measuredFrom: number;
}

/** Trains with Stable-Baselines3 in one Python process, which ends with `close`. */
export interface Trainer {
  train(training: TrainingInGymnasium): Promise<Trained>;
  check(task: GymnasiumTask): Promise<Checked>;
  close(): Promise<void>;
}

/** Whether `.ci/install-python` has been run with the present list. */
export const trainerIsInstalled = existsSync(python) && readFileSync(requirements, 'utf8') === installed();

function installed(): string {
  const list = join(python, '../../installed.txt');
  return existsSync(list) ? readFileSync(list, 'utf8') : '';
}

/** Our task behind one of Gymnasium's. */
export function ours({ environment }: GymnasiumTask): BuiltinEnvironment {
  const found = builtinEnvironments.get(environment);
  if (found === undefined) throw new Error(`no built-in environment "${environment}"`);
  return found;
}

function exported(source: string, environment: BuiltinEnvironment, entry: 'reward' | 'success'): string {
  const compilation = compile(source, environment.definition, { entry });
  if (compilation.ok) return emitTarget(compilation.program, 'numpy');
  throw new Error(`${environment.definition.name}: ${compilation.findings[0]?.message ?? 'refused'}\n${source}`);
}

export async function openTrainer(): Promise<Trainer> {
  const directory = await mkdtemp(join(tmpdir(), 'rewardsmith-transfer-'));
  const child = spawn(python, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let modules = 0;

  const write = async (source: string, task: GymnasiumTask, entry: 'reward' | 'success'): Promise<string> => {
    modules += 1;
    const path = join(directory, `program_${modules}.py`);
    await writeFile(path, exported(source, ours(task), entry));
    return path;
  };
  const ask = async (job: Readonly<Record<string, unknown>>): Promise<unknown> => {
    child.stdin.write(`${JSON.stringify(job)}\n`);
    const { value, done } = await lines.next();
    if (done === true) throw new Error('Python ended before it answered: run .ci/install-python');
    const answer: unknown = JSON.parse(value);
    const failed = Failed.safeParse(answer);
    if (failed.success) throw new Error(`${job['id']}: ${failed.data.error}`);
    return answer;
  };
  const common = (task: GymnasiumTask) => ({
    id: task.id,
    fields: ours(task).definition.observation.map(({ name }) => name),
  });

  return {
    async train({ task, reward, steps, seed, episodes, measuredFrom }) {
      const { fitness } = ours(task);
      const answer = await ask({
        kind: 'train',
        ...common(task),
        reward: await write(reward, task, 'reward'),
        fitness: await write(fitness.source, task, 'success'),
        aggregate: fitness.aggregate,
        copies: task.copies,
        settings: task.settings,
        steps,
        seed,
        episodes,
        measuredFrom,
      });
      return Trained.parse(answer);
    },
    async check(task) {
      const answer = await ask({
        kind: 'check',
        ...common(task),
        law: await write(task.law, task, 'reward'),
        human: await write(ours(task).humanReward, task, 'reward'),
        checkedFrom: task.checkedFrom ?? null,
        seed: 1,
      });
      return Checked.parse(answer);
    },
    async close() {
      child.stdin.end();
      await gone;
      await rm(directory, { recursive: true });
    },
  };
}
