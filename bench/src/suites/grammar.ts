import type { Operator } from '@rewardsmith/contracts';
import { createGrammarDesigner, type Parent } from '@rewardsmith/designer';
import { type BuiltinEnvironment, builtinEnvironments } from '@rewardsmith/environments';
import { createSandbox, type Sandbox } from '@rewardsmith/sandbox';

const EVALUATION_EPISODES = 128;
const TRAINING_MILLISECONDS = 3_600_000;
/** Programs that are drawn anew, and the best of them and of the openings that are varied. */
const DRAWN = 12;
const PARENTS = 6;
/** More openings than any task has. */
const MOST_OPENINGS = 16;
const operators: readonly Operator[] = ['add', 'drop', 'rescale', 'swap', 'crossover'];

const designer = createGrammarDesigner();
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const round = (value: number) => Number(value.toPrecision(4));

interface Trained extends Parent {
  readonly operator: Operator | 'opening' | 'sparse' | 'human';
  readonly components: readonly string[];
  readonly parents: readonly string[];
}

function request(environment: BuiltinEnvironment, operator: Operator, parents: readonly Parent[], seed: number) {
  const { definition, success, fitness } = environment;
  return {
    environment: definition,
    success,
    fitness,
    description: definition.description,
    operator,
    parents,
    // Neighbouring seeds of the generator give like first draws.
    seed: Math.imul(seed + 1, 2_654_435_761) >>> 1,
    generation: 0,
    index: 0,
    forms: {},
    reflection: 'none' as const,
    flat: false,
  };
}

/** Names of a program's components, from the weights that the grammar writes first. */
const componentsOf = (source: string): readonly string[] =>
  [...(source.match(/params = \{([^}]*)\}/)?.[1] ?? '').matchAll(/(\w+):/g)].flatMap(([, name]) => name ?? []);

/** Trains rewards of one environment on every seed, a few at once; a reward that fails has no place in the figures. */
class Workshop {
  readonly #sandbox: Sandbox;
  readonly #environment: BuiltinEnvironment;
  readonly #seeds: number;
  readonly #known = new Map<string, Promise<number | undefined>>();

  constructor(sandbox: Sandbox, environment: BuiltinEnvironment, seeds: number) {
    this.#sandbox = sandbox;
    this.#environment = environment;
    this.#seeds = seeds;
  }

  /** Mean fitness over the seeds. */
  fitness(source: string): Promise<number | undefined> {
    const found = this.#known.get(source) ?? this.#train(source);
    this.#known.set(source, found);
    return found;
  }

  async #train(reward: string): Promise<number | undefined> {
    const { definition, fitness, training } = this.#environment;
    const runs = Array.from({ length: this.#seeds }, async (_, seed) => {
      const outcome = await this.#sandbox.train({
        tenant: 'bench',
        environment: definition.name,
        reward,
        fitness,
        environmentSteps: training.environmentSteps,
        seed: 5_000 + seed,
        evaluation: { seed: 6_000 + seed, episodes: EVALUATION_EPISODES },
      });
      return outcome.kind === 'ok' ? outcome.value.run.fitness : undefined;
    });
    const values = (await Promise.all(runs)).flatMap((value) => value ?? []);
    return values.length === this.#seeds ? mean(values) : undefined;
  }
}

/** The openings of a search by fitness, and how often an operator's children are better than the better of their parents. */
async function measured(sandbox: Sandbox, environment: BuiltinEnvironment, seeds: number, children: number) {
  const workshop = new Workshop(sandbox, environment, seeds);
  const trained = async (source: string, made: Omit<Trained, 'source' | 'fitness' | 'findings' | 'components'>) => {
    const fitness = await workshop.fitness(source);
    return fitness === undefined
      ? []
      : [{ ...made, source, fitness, findings: [], components: componentsOf(source) } satisfies Trained];
  };
  const drawn = Array.from({ length: DRAWN }, async (_, place) => {
    const { source } = await designer.propose(request(environment, 'initial', [], place));
    return trained(source, { id: `drawn ${place}`, operator: 'initial', parents: [] });
  });
  const plain = await designer.propose(request(environment, 'initial', [], 0));
  const opened = Array.from({ length: MOST_OPENINGS }, async (_, opening) => {
    const { source } = await designer.propose({ ...request(environment, 'initial', [], 0), opening });
    if (source === plain.source) return [];
    return trained(source, { id: `opening ${opening}`, operator: 'opening', parents: [] });
  });
  const begun: readonly Trained[] = (await Promise.all([...opened, ...drawn])).flat();
  const best = begun.toSorted((a, b) => b.fitness - a.fitness).slice(0, PARENTS);
  const varied = operators.flatMap((operator, kind) =>
    Array.from({ length: children }, async (_, place) => {
      const from = [best[place % PARENTS], best[(place + 1) % PARENTS]].flatMap((parent) => parent ?? []);
      const parents = operator === 'crossover' ? from : from.slice(0, 1);
      const proposal = await designer.propose(request(environment, operator, parents, 1_000 * (kind + 1) + place));
      if (proposal.operator !== operator || parents.some(({ source }) => source === proposal.source)) return [];
      return trained(proposal.source, { id: `${operator} ${place}`, operator, parents: proposal.parents });
    }),
  );
  const born = (await Promise.all(varied)).flat();
  const byId = new Map(begun.map((each) => [each.id, each.fitness]));
  const [sparse, human] = await Promise.all(
    [environment.sparseReward, environment.humanReward].map((source) => workshop.fitness(source)),
  );
  return {
    environment: environment.definition.name,
    sparse: round(sparse ?? Number.NaN),
    human: round(human ?? Number.NaN),
    openings: Object.fromEntries(
      begun.flatMap(({ operator, components, fitness }) =>
        operator === 'opening' ? [[components.join(' + '), round(fitness)]] : [],
      ),
    ),
    drawn: begun
      .flatMap(({ operator, fitness }) => (operator === 'initial' ? [round(fitness)] : []))
      .toSorted((a, b) => b - a),
    better: born.map(({ operator, parents, fitness }) => ({
      operator,
      better: fitness > Math.max(...parents.map((id) => byId.get(id) ?? Number.POSITIVE_INFINITY)),
    })),
  };
}

/**
 * What the grammar gives a search, by whole trainings: the fitness of its openings and of programs drawn anew beside the sparse and the
 * human reward, and the share of each operator's children that are better than their parents. Options: `--tasks a,b` (all by default),
 * `--seeds N` of a reward (6), `--children N` of an operator (6).
 */
export async function run(options: ReadonlyMap<string, string>): Promise<Readonly<Record<string, unknown>>> {
  const chosen = options.get('tasks')?.split(',');
  const seeds = Number(options.get('seeds') ?? 6);
  const children = Number(options.get('children') ?? 6);
  const sandbox = await createSandbox({ trainingMilliseconds: TRAINING_MILLISECONDS, queued: 100_000 });
  try {
    const tasks = [];
    for (const environment of builtinEnvironments.values()) {
      if (chosen?.includes(environment.definition.name) === false) continue;
      tasks.push(await measured(sandbox, environment, seeds, children));
    }
    const born = tasks.flatMap(({ better }) => better);
    return {
      tasks: tasks.map(({ better: _, ...task }) => task),
      operators: Object.fromEntries(
        operators.map((operator) => {
          const own = born.filter((each) => each.operator === operator);
          return [
            operator,
            { children: own.length, better: round(own.filter(({ better }) => better).length / own.length) },
          ];
        }),
      ),
    };
  } finally {
    await sandbox.close();
  }
}
