import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TaskSubmission as Submission, type TaskSubmission } from '@rewardsmith/contracts';
import { createGrammarDesigner } from '@rewardsmith/designer';
import { type Engine, openEngine } from '@rewardsmith/engine';
import { heldOutFitness } from '@rewardsmith/engine/held-out';
import { type BuiltinEnvironment, builtinEnvironments } from '@rewardsmith/environments';
import { readModelSettings } from '@rewardsmith/llm';
import { type ChatRequest, startModelServer } from '@rewardsmith/model-server';
import { createSandbox, type Sandbox } from '@rewardsmith/sandbox';
import { pino } from 'pino';
import { candidateOf, HELD_OUT_SEEDS, searched } from '../evolution/measure.ts';
import { deviation } from '../evolution/summary.ts';
import { grammarRequest } from '../grammar-request.ts';
import { mean } from '../mean.ts';
import { listed, wholeOf } from '../options.ts';
import { TRAINING_MILLISECONDS } from '../training-time.ts';

const POPULATION = 8;
/** What one search may ask for, and train before the choice between its finalists, in trainings of usual length. */
const MODEL_CALLS = 80;
const TRAININGS = 60;
const designer = createGrammarDesigner();

/** What stands in for a language model: its programs in order, and what a million of its tokens cost. */
interface Author {
  readonly price: number;
  write(environment: BuiltinEnvironment, count: number): string | Promise<string>;
}

async function drawn(environment: BuiltinEnvironment, seed: number): Promise<string> {
  const { source } = await designer.propose(grammarRequest(environment, 'initial', [], seed));
  return source;
}

/**
 * Four kinds of model as users meet them: one that writes sound rewards, one that writes as good ones at four times the price, one
 * whose programs read what the environment does not have, and one whose rewards are sound programs that say nothing of the task.
 */
const authors: Readonly<Record<string, Author>> = {
  able: { price: 1, write: (environment, count) => drawn(environment, 2 * count) },
  dear: { price: 4, write: (environment, count) => drawn(environment, 2 * count + 1) },
  careless: {
    price: 1,
    write: (_, count) => `export function reward({ next }) {\n  return { near: -${count + 1} * next.nothing };\n}\n`,
  },
  aimless: {
    price: 1,
    write: ({ definition }, count) => {
      const field = definition.observation.find(({ shape }) => shape.length === 0)?.name;
      return `export function reward({ next }) {\n  return { wave: Math.sin(${20 + 7 * count} * next.${field}) };\n}\n`;
    },
  },
};
const names = Object.keys(authors);

/** The endpoint as an operator would configure it; one call at a time, so that the same seed gives the same search. */
function settingsFor(url: string) {
  const prices = Object.entries(authors).map(([name, { price }]) => [name, { input: price, output: price }]);
  const reading = readModelSettings({
    OPENAI_BASE_URL: url,
    OPENAI_API_KEY: 'none',
    REWARDSMITH_MODEL: names.map((name) => `${name}=1`).join(','),
    REWARDSMITH_MODEL_CONCURRENCY: '1',
    REWARDSMITH_MODEL_PRICES: JSON.stringify(Object.fromEntries(prices)),
  });
  if (reading.kind !== 'ok') throw new Error(reading.kind === 'none' ? 'no endpoint' : reading.message);
  return reading.settings;
}

interface Searched {
  readonly task: string;
  readonly bandit: boolean;
  readonly seed: number;
  /** On held-out seeds. */
  readonly fitness: number;
  /** Calls of each model, as the endpoint counted them. */
  readonly calls: Readonly<Record<string, number>>;
  readonly refused: number;
  readonly money: number;
  readonly tokens: number;
}

function submissionFor(environment: BuiltinEnvironment, bandit: boolean, seed: number): TaskSubmission {
  return Submission.parse({
    environment: environment.definition.name,
    evaluator: { kind: 'simulation' },
    // Every proposal is a model's.
    search: { designer: 'model', population: POPULATION, generations: MODEL_CALLS, tuner: 0, crossover: false, seed },
    model: { bandit, review: false, summarise: false },
    budget: { modelCalls: MODEL_CALLS, environmentSteps: TRAININGS * environment.training.environmentSteps },
  });
}

async function search(
  engine: Engine,
  sandbox: Sandbox,
  environment: BuiltinEnvironment,
  submission: TaskSubmission,
  asked: readonly ChatRequest[],
): Promise<Omit<Searched, 'task' | 'bandit' | 'seed'>> {
  const from = asked.length;
  const { task } = await searched(engine, submission);
  const { source } = await candidateOf(engine, task.bestCandidateId ?? '');
  const calls = Object.groupBy(asked.slice(from), ({ model }) => model);
  return {
    fitness: mean(await heldOutFitness(sandbox, submission, environment, source, HELD_OUT_SEEDS)),
    calls: Object.fromEntries(names.map((name) => [name, calls[name]?.length ?? 0])),
    refused: task.candidates.refused,
    money: task.spending.modelMoney,
    tokens: task.spending.modelTokens,
  };
}

/** One row a task and switch: means over seeds, and the standard deviation of fitness between them. */
function rowsOf(searches: readonly Searched[]) {
  const groups = Map.groupBy(searches, ({ task, bandit }) => `${task}/${bandit}`);
  return [...groups.values()].flatMap((own) => {
    const [first] = own;
    if (first === undefined) return [];
    const { task, bandit } = first;
    const of = (part: 'fitness' | 'refused' | 'money' | 'tokens') => own.map((each) => each[part]);
    const calls = names.map((name) => [name, mean(own.map((each) => each.calls[name] ?? 0))]);
    return [
      {
        task,
        bandit,
        seeds: own.length,
        fitness: mean(of('fitness')),
        deviation: deviation(of('fitness')),
        calls: Object.fromEntries(calls),
        refused: mean(of('refused')),
        money: mean(of('money')),
        tokens: mean(of('tokens')),
      },
    ];
  });
}

/** Names of the options of `run`. */
export const takes: readonly string[] = ['tasks', 'seeds', 'first-seed'];

/**
 * What the bandit makes of models that differ: the same searches with it and without, each asking one endpoint for four models of
 * equal weight. Fitness is on held-out seeds. Options: `--tasks` (a list with commas), `--seeds`, `--first-seed`.
 */
export async function run(options: ReadonlyMap<string, string>): Promise<Readonly<Record<string, unknown>>> {
  const environments = (listed(options, 'tasks') ?? ['mountain-car', 'acrobot']).map((name) => {
    const found = builtinEnvironments.get(name);
    if (found === undefined) throw new Error(`no built-in environment "${name}"`);
    return found;
  });
  const firstSeed = wholeOf(options, 'first-seed', 0);
  const seeds = Array.from({ length: wholeOf(options, 'seeds', 3) }, (_, index) => firstSeed + index);
  const directory = await mkdtemp(join(tmpdir(), 'rewardsmith-bench-'));
  /** What each model has left to say in the search that runs. */
  const left = new Map<string, string[]>();
  const server = await startModelServer({
    script: ({ model }) => ({
      kind: 'text',
      text: JSON.stringify({ thought: 'As it always does.', programs: [left.get(model)?.shift() ?? ''] }),
    }),
    models: names,
  });
  const sandbox = await createSandbox({ trainingMilliseconds: TRAINING_MILLISECONDS });
  const models = { kind: 'endpoint', settings: settingsFor(server.url) } as const;
  const logger = pino({ level: 'silent' });
  const engine = await openEngine({ dataDirectory: directory, role: 'all', logger, sandbox, models });
  try {
    await engine.start();
    const searches: Searched[] = [];
    for (const environment of environments) {
      for (const seed of seeds) {
        for (const bandit of [true, false]) {
          for (const [name, author] of Object.entries(authors)) {
            const programs = Array.from({ length: MODEL_CALLS }, (_, count) =>
              author.write(environment, seed * MODEL_CALLS + count),
            );
            left.set(name, await Promise.all(programs));
          }
          const submission = submissionFor(environment, bandit, seed);
          const found = await search(engine, sandbox, environment, submission, server.requests);
          searches.push({ task: environment.definition.name, bandit, seed, ...found });
          process.stderr.write(`${JSON.stringify(searches.at(-1))}\n`);
        }
      }
    }
    return { rows: rowsOf(searches), searches };
  } finally {
    await engine.close();
    await sandbox.close();
    await server.close();
    await rm(directory, { recursive: true, force: true });
  }
}
