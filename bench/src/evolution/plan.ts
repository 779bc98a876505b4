import { type BuiltinEnvironment, builtinEnvironments } from '@rewardsmith/environments';
import { listed, type Options, wholeOf } from '../options.ts';
import { type Method, methods, methodsNamed } from './methods.ts';

/** What the suites run; options of the same names stand above them. */
const suites = {
  quick: {
    tasks: ['cartpole', 'mountain-car', 'acrobot', 'mountain-car-continuous', 'lava-diamond'],
    methods: ['evolution', 'greedy', 'independent'],
    seeds: 1,
    trainings: 40,
  },
  /** Every switch, where a search takes seconds. */
  ablation: {
    tasks: ['mountain-car', 'mountain-car-continuous', 'acrobot', 'lava-diamond'],
    methods: methods.filter(({ kind }) => kind !== 'baseline').map(({ name }) => name),
    seeds: 3,
    trainings: 32,
  },
  full: {
    tasks: [...builtinEnvironments.keys()],
    methods: ['evolution', 'greedy', 'independent', 'sequential', 'random'],
    seeds: 2,
    trainings: 60,
  },
} as const;

/** What a robot gets of the full suite, for the time that its steps take: the methods that aims speak of, and a share of the trainings. */
const robots = { methods: ['evolution', 'greedy', 'independent'], share: 0.5 } as const;

/** Ratios of cost are against this method, unless another is named. */
const REFERENCE = 'greedy';

/** One search that a run makes. */
export interface PlannedSearch {
  readonly environment: BuiltinEnvironment;
  readonly method: Method;
  readonly seed: number;
  /** Its budget, in trainings of the environment's usual length. */
  readonly trainings: number;
}

export interface Plan {
  readonly suite: keyof typeof suites;
  readonly reference: string;
  /** Tasks in their order, methods within each, seeds within each of those. */
  readonly searches: readonly PlannedSearch[];
}

function environmentNamed(name: string): BuiltinEnvironment {
  const found = builtinEnvironments.get(name);
  if (found === undefined) throw new Error(`no built-in environment "${name}"`);
  return found;
}

function isSuite(name: string): name is keyof typeof suites {
  return Object.hasOwn(suites, name);
}

/** The searches that a run's options ask for. Throws for names and numbers that are none. */
export function planOf(options: Options): Plan {
  const name = options.get('suite') ?? 'quick';
  if (!isSuite(name)) throw new Error(`--suite takes ${Object.keys(suites).join(', ')}, not "${name}"`);
  const suite = suites[name];
  const chosen = methodsNamed(listed(options, 'methods') ?? suite.methods);
  const reference = options.get('reference') ?? REFERENCE;
  const seeds = wholeOf(options, 'seeds', suite.seeds);
  const firstSeed = wholeOf(options, 'first-seed', 0);
  const searches = (listed(options, 'tasks') ?? suite.tasks).map(environmentNamed).flatMap((environment) => {
    const spared = name === 'full' && environment.library !== undefined;
    const trainings = wholeOf(options, 'trainings', suite.trainings * (spared ? robots.share : 1));
    const own =
      spared && !options.has('methods')
        ? chosen.filter((method) => robots.methods.some((each) => each === method.name))
        : chosen;
    return own.flatMap((method) =>
      Array.from({ length: seeds }, (_, index) => ({ environment, method, seed: firstSeed + index, trainings })),
    );
  });
  if (searches.length === 0) throw new Error('these options ask for no search');
  if (options.has('reference') && !chosen.some((method) => method.name === reference)) {
    throw new Error(`--reference takes one of the methods that are run, not "${reference}"`);
  }
  return { suite: name, reference, searches };
}
