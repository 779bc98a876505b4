import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Candidate, ModelCost } from '@rewardsmith/contracts';
import { type BehaviourInput, type ChatRequest, type ModelServer, startModelServer } from '@rewardsmith/model-server';
import type { Engine } from '../../src/index.ts';
import { modelSource, soundModel } from './model-task.ts';
import { caller, openWorking } from './small-task.ts';

/** What the operator of all tests has set. */
export const variables = {
  REWARDSMITH_MODEL: 'small',
  REWARDSMITH_CRITIC_MODEL: 'small=1,weak=1',
  REWARDSMITH_ANSWER_TOKENS: '500',
  REWARDSMITH_TEMPERATURE: '1',
  REWARDSMITH_MODEL_PRICES: JSON.stringify({
    small: { input: 2, cached: 0.5, output: 8 },
    weak: { input: 0, output: 0 },
  }),
};

/** A model server whose answers a test sets, and engines that ask it. */
export class ModelWorld {
  /** What the endpoint answers at the moment. */
  answer: (request: ChatRequest) => BehaviourInput = soundModel();
  readonly #directories: string[] = [];
  readonly #opened: Engine[] = [];
  #server: ModelServer | undefined;

  get server(): ModelServer {
    if (this.#server === undefined) throw new Error('the model server has not been started');
    return this.#server;
  }

  async start(): Promise<Engine> {
    this.#server = await startModelServer({ script: (request) => this.answer(request) });
    return this.open();
  }

  directory(): string {
    const made = mkdtempSync(join(tmpdir(), 'rewardsmith-model-'));
    this.#directories.push(made);
    return made;
  }

  /** An engine of its own, whose operator has set other things beside the usual ones. */
  async open(over: Readonly<Record<string, string>> = {}): Promise<Engine> {
    const models = modelSource(this.server.url, { ...variables, ...over });
    const engine = await openWorking({ dataDirectory: this.directory(), models });
    this.#opened.push(engine);
    return engine;
  }

  /** Closes what `start` has opened; engines that a test opened itself it closes itself. */
  async end(): Promise<void> {
    await this.#opened[0]?.close();
    await this.#server?.close();
    for (const made of this.#directories) rmSync(made, { recursive: true, force: true });
  }

  /** What the endpoint has been asked and has counted since this was called. */
  since() {
    const models = this.server;
    const [before, skipped] = [models.account, models.requests.length];
    return {
      get requests(): readonly ChatRequest[] {
        return models.requests.slice(skipped);
      },
      get account() {
        const { requests, answered } = models.account;
        return {
          requests: requests - before.requests,
          answered: {
            requests: answered.requests - before.answered.requests,
            promptTokens: answered.promptTokens - before.answered.promptTokens,
            cachedTokens: answered.cachedTokens - before.answered.cachedTokens,
            completionTokens: answered.completionTokens - before.answered.completionTokens,
          },
        };
      },
    };
  }
}

export async function candidatesOf(engine: Engine, taskId: string): Promise<readonly Candidate[]> {
  const page = await engine.tasks.candidates(caller, taskId, { limit: 200 });
  const read = await Promise.all((page?.items ?? []).map(({ id }) => engine.tasks.candidate(caller, id)));
  return read.filter((candidate) => candidate !== undefined);
}

export async function endOf(engine: Engine, taskId: string) {
  const task = await engine.tasks.task(caller, taskId);
  if (task === undefined) throw new Error('the task is gone');
  return task;
}

/** The part of a cost that the endpoint has reported. */
export function reported({ promptTokens, cachedTokens, completionTokens }: ModelCost) {
  return { promptTokens, cachedTokens, completionTokens };
}
