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
import { mean } from '../mean.ts';

const caller = { tenant: 'bench' };
const HELD_OUT_SEEDS = 15;
const POPULATION = 8;
const TRAINING_MILLISECONDS = 3_600_000;
/** What one search may ask for, and train at most. */
const MODEL_CALLS = 80;
const TRAININGS = 60;
const designer = createGrammarDesigner();

/** What stands in for a language model: its programs in order, and what its tokens cost. */
interface Author {
  readonly price: number;
  write(environment: BuiltinEnvironment, count: number): string | Promise<string>;
}

async function drawn(environment: BuiltinEnvironment, seed: number): Promise<string> {
  const { definition, success, fitness } = environment;
  const proposal = await designer.propose({
    environment: definition,
    success,
    fitness,
    description: definition.description,
    operator: 'initial',
    parents: [],
    // Neighbouring seeds of the generator give like first draws.
    seed: Math.imul(seed + 1, 2_654_435_761) >>> 1,
    generation: 0,
    index: 0,
    forms: {},
    reflection: 'none',
    flat: false,
  });
  return proposal.source;
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

interface Searched {
  readonly fitness: number;
  readonly calls: Readonly<Record<string, number>>;
  readonly refused: number;
  readonly money: number;
  readonly tokens: number;
}

async function search(
  engine: Engine,
  sandbox: Sandbox,
  environment: BuiltinEnvironment,
  submission: TaskSubmission,
  asked: readonly ChatRequest[],
): Promise<Searched> {
  const from = asked.length;
  const submitted = await engine.tasks.submit(caller, submission, undefined);
  if (submitted.kind === 'key-reused') throw new Error('a task without a key cannot have used it');
  const { id } = submitted.task;
  await Array.fromAsync(engine.tasks.events(caller, id, 0, new AbortController().signal));
  const task = await engine.tasks.task(caller, id);
  const best = await engine.tasks.candidate(caller, task?.bestCandidateId ?? '');
  if (task === undefined || best === undefined) throw new Error(task?.failure ?? 'the task is gone');
  const calls = Object.groupBy(asked.slice(from), ({ model }) => model);
  return {
    fitness: mean(await heldOutFitness(sandbox, submission, environment, best.source, HELD_OUT_SEEDS)),
    calls: Object.fromEntries(names.map((name) => [name, calls[name]?.length ?? 0])),
    refused: task.candidates.refused,
    money: task.spending.modelMoney,
    tokens: task.spending.modelTokens,
  };
}

/**
 * What the bandit makes of models that differ: the same searches with it and without, each asking one endpoint for four models of
 * equal weight. Fitness is on held-out seeds; calls are counted at the endpoint. Options: `--tasks` (a list with commas), `--seeds`,
 * `--first-seed`.
 */
export async function run(options: ReadonlyMap<string, string>): Promise<Readonly<Record<string, unknown>>> {
  const tasks = options.get('tasks')?.split(',') ?? ['mountain-car', 'acrobot'];
  const seeds = Number(options.get('seeds') ?? 3);
  const firstSeed = Number(options.get('first-seed') ?? 0);
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
  const models = readModelSettings({
    OPENAI_BASE_URL: server.url,
    OPENAI_API_KEY: 'none',
    REWARDSMITH_MODEL: names.map((name) => `${name}=1`).join(','),
    REWARDSMITH_MODEL_PRICES: JSON.stringify(
      Object.fromEntries(names.map((name) => [name, { input: authors[name]?.price, output: authors[name]?.price }])),
    ),
  });
  if (models.kind !== 'ok') throw new Error('the endpoint of this run is not configured');
  const sandbox = await createSandbox({ trainingMilliseconds: TRAINING_MILLISECONDS });
  const source = { kind: 'endpoint', settings: models.settings } as const;
  const logger = pino({ level: 'silent' });
  const engine = await openEngine({ dataDirectory: directory, role: 'all', logger, sandbox, models: source });
  try {
    await engine.start();
    const searches: (Searched & { task: string; bandit: boolean; seed: number })[] = [];
    for (const task of tasks) {
      const environment = builtinEnvironments.get(task);
      if (environment === undefined) throw new Error(`no built-in environment "${task}"`);
      for (let seed = firstSeed; seed < firstSeed + seeds; seed += 1) {
        for (const bandit of [true, false]) {
          for (const [name, author] of Object.entries(authors)) {
            const written = Array.from({ length: MODEL_CALLS }, (_, count) =>
              author.write(environment, seed * MODEL_CALLS + count),
            );
            left.set(name, await Promise.all(written));
          }
          const submission = submissionFor(environment, bandit, seed);
          const searched = await search(engine, sandbox, environment, submission, server.requests);
          searches.push({ task, bandit, seed, ...searched });
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

/** One row a task and switch: means over seeds. */
function rowsOf(searches: readonly (Searched & { readonly task: string; readonly bandit: boolean })[]) {
  const groups = Map.groupBy(searches, ({ task, bandit }) => `${task}/${bandit}`);
  return [...groups.values()].flatMap((own) => {
    const [first] = own;
    if (first === undefined) return [];
    const of = (part: 'fitness' | 'refused' | 'money' | 'tokens') => mean(own.map((each) => each[part]));
    const calls = Object.fromEntries(names.map((name) => [name, mean(own.map((each) => each.calls[name] ?? 0))]));
    const { task, bandit } = first;
    return [
      {
        task,
        bandit,
        seeds: own.length,
        fitness: of('fitness'),
        calls,
        refused: of('refused'),
        money: of('money'),
        tokens: of('tokens'),
      },
    ];
  });
}
