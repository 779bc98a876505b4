import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Task } from '@rewardsmith/contracts';
import { builtinEnvironments } from '@rewardsmith/environments';
import { z } from 'zod';
import { Client } from '../client.ts';
import { demoDefaults, robotBudgetShare, robotDefaults } from '../defaults.ts';
import { Fault } from '../fault.ts';
import { follow } from '../follow.ts';
import { report } from '../report.ts';
import { home } from '../root.ts';
import { startService } from '../service-process.ts';

export interface DemoOptions {
  readonly task: string;
  /** The task's usual ones when absent. */
  readonly generations?: number;
  readonly population?: number;
  readonly seed: number;
  /** Whether the model endpoint designs instead of the grammar. */
  readonly model?: boolean;
  readonly port: number;
  readonly data: string;
}

const Memory = z.record(z.string(), z.string());

/** Which task each set of settings began, so that an interrupted demo goes on with it. */
function remembered(file: string): Record<string, string> {
  try {
    return Memory.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return {};
  }
}

/** Robots train for seconds a run: a demo gives them less than their usual budget, and says so. */
function shortened(environment: string) {
  const builtin = builtinEnvironments.get(environment);
  if (builtin?.library === undefined) return {};
  const environmentSteps = Math.round(builtin.training.environmentSteps * robotBudgetShare);
  process.stdout.write(
    `${environment} trains on ${environmentSteps.toLocaleString('en')} steps a run here, ${100 * robotBudgetShare}% of its usual budget\n`,
  );
  return { evaluator: { kind: 'simulation', training: { environmentSteps } } };
}

async function taskFor(client: Client, options: DemoOptions): Promise<{ task: Task; resumed: boolean }> {
  const file = join(options.data, 'demo-tasks.json');
  const { task: environment, seed } = options;
  const usual = builtinEnvironments.get(environment)?.library === undefined ? demoDefaults : robotDefaults;
  const { generations, population } = { ...usual, ...options };
  const designer = options.model === true ? 'model' : 'grammar';
  const search = { generations, population, seed, ...(designer === 'model' ? { designer } : {}) };
  const key = JSON.stringify({ environment, ...search });
  const memory = remembered(file);
  const earlier = memory[key] === undefined ? undefined : await client.findTask(memory[key]);
  if (earlier?.finishedAt === null) {
    return { task: earlier.status === 'paused' ? await client.resume(earlier.id) : earlier, resumed: true };
  }
  // The key makes one task of a submission that was accepted, but not remembered before the demo was killed.
  const task = await client.submit(
    { environment, search, ...shortened(environment) },
    `demo ${earlier?.id ?? 'first'} ${key}`,
  );
  writeFileSync(`${file}.new`, JSON.stringify({ ...memory, [key]: task.id }));
  renameSync(`${file}.new`, file);
  return { task, resumed: false };
}

async function writeFiles(client: Client, task: Task): Promise<{ files: string[]; text: string }> {
  const directory = join(home, 'demo', `${task.environment}-${task.id}`);
  mkdirSync(directory, { recursive: true });
  const [javascript, python, numpy, torch] = [
    await client.reward(task.id, 'javascript'),
    await client.reward(task.id, 'python'),
    await client.reward(task.id, 'numpy'),
    await client.reward(task.id, 'torch'),
  ];
  const contents: readonly (readonly [string, string])[] = [
    ['reward.js', javascript.code],
    ['reward.py', python.code],
    ['reward_numpy.py', numpy.code],
    ['reward_torch.py', torch.code],
    ['parity.json', `${JSON.stringify(python.parity)}\n`],
    [
      'result.json',
      `${JSON.stringify({ task, reward: { ...javascript, code: undefined, parity: undefined } }, null, 2)}\n`,
    ],
  ];
  const files = contents.map(([name, text]) => {
    const file = join(directory, name);
    writeFileSync(file, text);
    return file;
  });
  return { files, text: report(task, javascript, files) };
}

/** The whole loop on this machine: service, task, live progress, and the result beside sparse and human rewards. */
export async function demo(options: DemoOptions): Promise<void> {
  if (!builtinEnvironments.has(options.task)) {
    throw new Fault(`There is no task "${options.task}". Use one of: ${[...builtinEnvironments.keys()].join(', ')}.`);
  }
  const service = await startService({ data: options.data, port: options.port });
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    const client = new Client(service.url);
    process.stdout.write(`service ${service.url} (process ${service.pid}), data in ${options.data}\n`);
    const { task, resumed } = await taskFor(client, options);
    process.stdout.write(`task ${task.id} on ${task.environment}${resumed ? ', taken up where it was' : ''}\n`);
    const proposals = task.forecast?.proposals;
    if (proposals !== undefined && proposals !== null) {
      process.stdout.write(`the budget is good for about ${proposals} proposals\n`);
    }
    // The service ends with this command, so there is nothing that `resume` could ask.
    await follow(client, task, interrupted.signal, 'the same command goes on with the same task.');
    const ended = await client.task(task.id);
    if (ended.status !== 'completed') {
      throw new Fault(
        `The task ended as ${ended.status}: ${ended.failure ?? ended.stopReason ?? 'no reason given'}`,
        1,
      );
    }
    process.stdout.write((await writeFiles(client, ended)).text);
  } catch (error) {
    if (interrupted.signal.aborted) throw new Fault('Interrupted. The same command goes on with the same task.', 130);
    if (!(await service.endsSoon())) throw error;
    throw new Fault(
      `The service ended (${service.logFile} tells why). The same command goes on with the same task.`,
      1,
    );
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    await service.stop();
  }
}
