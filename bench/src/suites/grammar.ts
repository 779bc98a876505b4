import type { Operator } from '@rewardsmith/contracts';
import { createGrammarDesigner, type Parent } from '@rewardsmith/designer';
import { type BuiltinEnvironment, builtinEnvironments } from '@rewardsmith/environments';
import { createSandbox, type Sandbox } from '@rewardsmith/sandbox';
import { grammarRequest } from '../grammar-request.ts';
import { mean } from '../mean.ts';
import { listed, wholeOf } from '../options.ts';
import { TRAINING_MILLISECONDS } from '../training-time.ts';

const EVALUATION_EPISODES = 128;
/** Programs that are drawn anew, and the best of them and of the openings that are varied. */
const DRAWN = 12;
const PARENTS = 6;
/** More openings than any task has. */
const MOST_OPENINGS = 16;
const operators: readonly Operator[] = ['add', 'drop', 'rescale', 'swap', 'crossover'];

const designer = createGrammarDesigner();
const round = (value: number) => Number(value.toPrecision(4));

interface Trained extends Parent {
  /** Written by rule, not drawn. */
  readonly opening: boolean;
}

/** Names of a program's components, from the weights that the grammar writes first. */
const componentsOf = (source: string): readonly string[] =>
  [...(source.match(/params = \{([^}]*)\}/)?.[1] ?? '').matchAll(/(\w+):/g)].flatMap(([, name]) => name ?? []);

/** Seeds that rewards are found by, and those that parents and children are held against each other on. */
const streams = { finding: 5_000, judging: 5_100 } as const;

/** Trains rewards of one environment on every seed of a stream, a few at once; a reward that fails has no place in the figures. */
class Workshop {
  readonly #sandbox: Sandbox;
  readonly #environment: BuiltinEnvironment;
  readonly #seeds: number;

  constructor(sandbox: Sandbox, environment: BuiltinEnvironment, seeds: number) {
    this.#sandbox = sandbox;
    this.#environment = environment;
    this.#seeds = seeds;
  }

  /** Mean fitness over the seeds. */
  async fitness(reward: string, stream: keyof typeof streams): Promise<number | undefined> {
    const { definition, fitness, training } = this.#environment;
    const runs = Array.from({ length: this.#seeds }, async (_, place) => {
      const seed = streams[stream] + place;
      const outcome = await this.#sandbox.train({
        tenant: 'bench',
        environment: definition.name,
        reward,
        fitness,
        environmentSteps: training.environmentSteps,
        seed,
        evaluation: { seed: 1_000 + seed, episodes: EVALUATION_EPISODES },
      });
      return outcome.kind === 'ok' ? outcome.value.run.fitness : undefined;
    });
    const values = (await Promise.all(runs)).flatMap((value) => value ?? []);
    return values.length === this.#seeds ? mean(values) : undefined;
  }
}

/** The openings and what is drawn anew, each program once. */
async function begun(workshop: Workshop, environment: BuiltinEnvironment): Promise<readonly Trained[]> {
  const plain = await designer.propose(grammarRequest(environment, 'initial', [], 0));
  const opened = Array.from({ length: MOST_OPENINGS }, async (_, opening) => {
    const { source } = await designer.propose({ ...grammarRequest(environment, 'initial', [], 0), opening });
    return source === plain.source ? [] : [{ id: `opening ${opening}`, opening: true, source }];
  });
  const drawn = Array.from({ length: DRAWN }, async (_, place) => {
    const { source } = await designer.propose(grammarRequest(environment, 'initial', [], place));
    return [{ id: `drawn ${place}`, opening: false, source }];
  });
  const all = (await Promise.all([...opened, ...drawn])).flat();
  const once = [...new Map(all.toReversed().map((each) => [each.source, each])).values()];
  const trained = await Promise.all(
    once.map(async (each) => {
      const fitness = await workshop.fitness(each.source, 'finding');
      return fitness === undefined ? [] : [{ ...each, fitness, findings: [] }];
    }),
  );
  return trained.flat();
}

/** One use of an operator: whether it applied, and whether its child was better than its first parent. */
interface Use {
  readonly operator: Operator;
  readonly outcome: 'better' | 'not better' | 'known' | 'does not apply';
}

/** Uses every operator on the best, and holds each new child against its first parent on seeds that chose neither. */
async function uses(
  workshop: Workshop,
  environment: BuiltinEnvironment,
  all: readonly Trained[],
  children: number,
): Promise<readonly Use[]> {
  const best = all.toSorted((a, b) => b.fitness - a.fitness).slice(0, PARENTS);
  const judged = new Map(best.map(({ id, source }) => [id, workshop.fitness(source, 'judging')]));
  const known = new Set(all.map(({ source }) => source));
  const wanted = operators.flatMap((operator, kind) =>
    Array.from({ length: children }, async (_, place): Promise<Use> => {
      const from = [best[place % best.length], best[(place + 1) % best.length]].flatMap((parent) => parent ?? []);
      const parents = operator === 'crossover' ? from : from.slice(0, 1);
      const proposal = await designer.propose(
        grammarRequest(environment, operator, parents, 1_000 * (kind + 1) + place),
      );
      if (proposal.operator !== operator) return { operator, outcome: 'does not apply' };
      if (known.has(proposal.source)) return { operator, outcome: 'known' };
      known.add(proposal.source);
      const fitness = await workshop.fitness(proposal.source, 'judging');
      const parent = await judged.get(parents[0]?.id ?? '');
      return {
        operator,
        outcome: (fitness ?? Number.NEGATIVE_INFINITY) > (parent ?? Number.POSITIVE_INFINITY) ? 'better' : 'not better',
      };
    }),
  );
  return Promise.all(wanted);
}

async function measured(sandbox: Sandbox, environment: BuiltinEnvironment, seeds: number, children: number) {
  const workshop = new Workshop(sandbox, environment, seeds);
  const all = await begun(workshop, environment);
  const [sparse, human] = await Promise.all(
    [environment.sparseReward, environment.humanReward].map((source) => workshop.fitness(source, 'finding')),
  );
  const of = (opening: boolean) =>
    all.filter((each) => each.opening === opening).toSorted((a, b) => b.fitness - a.fitness);
  return {
    uses: await uses(workshop, environment, all, children),
    task: {
      environment: environment.definition.name,
      sparse: round(sparse ?? Number.NaN),
      human: round(human ?? Number.NaN),
      openings: Object.fromEntries(
        of(true).map(({ source, fitness }) => [componentsOf(source).join(' + '), round(fitness)]),
      ),
      drawn: of(false).map(({ fitness }) => round(fitness)),
    },
  };
}

/** Names of the options of `run`. */
export const takes: readonly string[] = ['tasks', 'seeds', 'children'];

/**
 * What the grammar gives a search, by whole trainings: the fitness of its openings and of programs drawn anew beside the sparse and the
 * human reward, and how many of each operator's new children are better than their first parent on fresh seeds. Options: `--tasks a,b` (all by default),
 * `--seeds N` of a reward (6), `--children N` of an operator (6).
 */
export async function run(options: ReadonlyMap<string, string>): Promise<Readonly<Record<string, unknown>>> {
  const chosen = listed(options, 'tasks');
  const seeds = wholeOf(options, 'seeds', 6);
  const children = wholeOf(options, 'children', 6);
  const sandbox = await createSandbox({ trainingMilliseconds: TRAINING_MILLISECONDS, queued: 100_000 });
  try {
    const tasks = [];
    for (const environment of builtinEnvironments.values()) {
      if (chosen?.includes(environment.definition.name) === false) continue;
      tasks.push(await measured(sandbox, environment, seeds, children));
    }
    const all = tasks.flatMap((each) => each.uses);
    return {
      tasks: tasks.map(({ task }) => task),
      operators: Object.fromEntries(
        operators.map((operator) => [
          operator,
          Object.fromEntries(
            Map.groupBy(
              all.filter((each) => each.operator === operator),
              ({ outcome }) => outcome,
            )
              .entries()
              .map(([outcome, { length }]) => [outcome, length]),
          ),
        ]),
      ),
    };
  } finally {
    await sandbox.close();
  }
}
