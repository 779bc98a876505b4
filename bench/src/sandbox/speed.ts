import type { TrainingRun } from '@rewardsmith/contracts';
import { builtinEnvironments } from '@rewardsmith/environments';
import type { Rollout } from '@rewardsmith/rollouts';
import { createSandbox, type Sandbox } from '@rewardsmith/sandbox';
import { PlainProcesses } from './plain-processes.ts';
import { shortTraining } from './plain-work.ts';
import { pythonWithNumpy } from './python.ts';
import { quantile, round, spread } from './spread.ts';
import { cartpole, evaluated, fiveTerms, kernelOf, plainColumns, plainFiveTerms, recorded } from './workload.ts';

export const STEPS = 1_000_000;
const REPEATS = 60;
const PYTHON_REPEATS = 6;

/** What a labelling took, in milliseconds: in the runner alone, and from source text to labels. */
export async function label(sandbox: Sandbox, weight: number, rollout: Rollout) {
  const from = performance.now();
  const source = fiveTerms(weight);
  const outcome = await sandbox.label({ tenant: 'bench', source, environment: cartpole(), rollout });
  if (outcome.kind !== 'ok') throw new Error(`labelling ended as ${JSON.stringify(outcome)}`);
  return { run: outcome.usage.wallMilliseconds, all: performance.now() - from };
}

/** The same for the statistics of each episode; milliseconds from source text until the caller holds them. */
async function measure(sandbox: Sandbox, weight: number, rollout: Rollout): Promise<number> {
  const from = performance.now();
  const source = fiveTerms(weight);
  const outcome = await sandbox.measure({ tenant: 'bench', source, environment: cartpole(), rollout });
  if (outcome.kind !== 'ok') throw new Error(`measuring ended as ${JSON.stringify(outcome)}`);
  return performance.now() - from;
}

/** The kernel that the sandbox runs for these terms, in this process: what evaluates its text to a run of it. */
function plainKernel(weight: number, rollout: Rollout, outputs: readonly Float64Array[]): () => () => void {
  const kernel = kernelOf(fiveTerms(weight));
  const columns = kernel.columns.map((reference) => rollout.column(reference));
  return () => {
    const run = evaluated(kernel);
    return () => run(columns, rollout.episodeOffsets, rollout.episodes, outputs);
  };
}

/** The same of a plain loop written by hand. */
function plainLoop(weight: number, rollout: Rollout, outputs: readonly Float64Array[]): () => () => void {
  const columns = plainColumns(rollout);
  return () => {
    const loop = plainFiveTerms(weight);
    return () => loop(columns, outputs, rollout.steps);
  };
}

/** Milliseconds of one run. */
function again(run: () => void): number {
  const from = performance.now();
  run();
  return performance.now() - from;
}

/** The same from a text that V8 has not seen. */
const fromText = (evaluate: () => () => void): number => again(() => evaluate()());

/** All compute the same: the labels of the plain ones are held to the sandbox's, bit for bit. */
async function sameLabels(sandbox: Sandbox, rollout: Rollout, outputs: readonly Float64Array[]): Promise<void> {
  const outcome = await sandbox.label({ tenant: 'bench', source: fiveTerms(0.5), environment: cartpole(), rollout });
  if (outcome.kind !== 'ok') throw new Error(`labelling ended as ${outcome.kind}`);
  for (const plain of [plainKernel, plainLoop]) {
    plain(0.5, rollout, outputs)()();
    for (const [index, column] of outcome.value.columns.entries()) {
      if (!column.every((value, step) => Object.is(value, outputs[index]?.[step])))
        throw new Error(`${plain.name} gives other labels than the sandbox`);
    }
  }
}

/**
 * One runner over a million steps, beside plain V8, NumPy and CPython, in turn; the best and the median of each, in nanoseconds a step, and how many times as long others
 * take as the sandbox.
 * Plain V8, with Node's own flags, has a loop as one writes it by hand, and the kernel that the sandbox runs, beside which stands
 * what the sandbox alone costs; each as a program that V8 sees for the first time, which is what the sandbox gets, and compiled by the
 * runs before.
 */
export async function throughput() {
  const rollout = recorded(STEPS);
  const memory = new SharedArrayBuffer(6 * (STEPS * 8 + 320));
  const outputs = Array.from({ length: 6 }, (_, index) => new Float64Array(memory, index * (STEPS * 8 + 320), STEPS));
  const sandbox = await createSandbox({ runners: 1, spares: 0 });
  const python = pythonWithNumpy();
  const times = { run: [0], all: [0], statistics: [0], kernel: [0], kernelAgain: [0], loop: [0], loopAgain: [0] };
  const pythonTimes: { numpy: number[]; cpython: number[] } = { numpy: [], cpython: [] };
  const [kernel, loop] = [plainKernel(0.25, rollout, outputs)(), plainLoop(0.25, rollout, outputs)()];
  try {
    await sameLabels(sandbox, rollout, outputs);
    for (const list of Object.values(times)) list.length = 0;
    for (let repeat = 0; repeat < REPEATS; repeat += 1) {
      // A process of its own, so for some repeats at once.
      if (repeat % PYTHON_REPEATS === 0 && python !== undefined) {
        const { numpy, cpython } = python(STEPS, PYTHON_REPEATS);
        pythonTimes.numpy.push(...numpy);
        pythonTimes.cpython.push(...cpython);
      }
      const { run, all } = await label(sandbox, 1 + repeat / 100, rollout);
      times.run.push(run);
      times.all.push(all);
      times.statistics.push(await measure(sandbox, 3 + repeat / 100, rollout));
      times.kernel.push(fromText(plainKernel(2 + repeat / 100, rollout, outputs)));
      times.kernelAgain.push(again(kernel));
      times.loop.push(fromText(plainLoop(4 + repeat / 100, rollout, outputs)));
      times.loopAgain.push(again(loop));
    }
  } finally {
    await sandbox.close();
  }
  const perStep = (milliseconds: readonly number[]) => milliseconds.map((each) => (each * 1e6) / STEPS);
  const nanoseconds = (seconds: readonly number[]) => seconds.map((each) => each * 1e9);
  const others = {
    v8: perStep(times.loop),
    v8Compiled: perStep(times.loopAgain),
    kernelInV8: perStep(times.kernel),
    kernelInV8Compiled: perStep(times.kernelAgain),
    numpy: nanoseconds(pythonTimes.numpy),
    cpython: nanoseconds(pythonTimes.cpython),
  };
  const own = {
    sandbox: perStep(times.run),
    sandboxToCaller: perStep(times.all),
    sandboxStatisticsToCaller: perStep(times.statistics),
  };
  const figures = (lists: Readonly<Record<string, readonly number[]>>, share: number, unit = 1) =>
    Object.entries(lists).map(([name, list]) => {
      return [name, list.length === 0 ? null : round(quantile(list, share) / unit)] as const;
    });
  const speeds = (prefix: string, share: number) =>
    figures(others, share, quantile(own.sandbox, share)).map(
      ([name, speed]) => [`${prefix}${name.charAt(0).toUpperCase()}${name.slice(1)}`, speed] as const,
    );
  return {
    nanosecondsPerStep: Object.fromEntries(figures({ ...own, ...others }, 0)),
    medianNanosecondsPerStep: Object.fromEntries(figures({ ...own, ...others }, 0.5)),
    ...Object.fromEntries([...speeds('speedAgainst', 0), ...speeds('medianSpeedAgainst', 0.5)]),
  };
}

type Work = () => Promise<unknown>;

/** How much more two do in the same time than one. */
interface Gain {
  /** Of the best measurements of each. */
  readonly best: number;
  /** The median of what two that were taken one after the other say. */
  readonly inTurn: number;
}

/** What the second of each pair gains over the first; some measurements of each, all in turn. */
async function gains(pairs: readonly (readonly [one: Work, two: Work])[], repeats: number): Promise<readonly Gain[]> {
  const milliseconds = async (work: Work) => {
    const from = performance.now();
    await work();
    return performance.now() - from;
  };
  const taken = pairs.map((): Record<'one' | 'two' | 'ratio', number[]> => ({ one: [], two: [], ratio: [] }));
  // The first turn warms all up.
  for (let repeat = 0; repeat <= repeats; repeat += 1) {
    for (const [index, [first, second]] of pairs.entries()) {
      const [one, two] = [await milliseconds(first), await milliseconds(second)];
      const all = taken[index];
      if (repeat === 0 || all === undefined) continue;
      all.one.push(one);
      all.two.push(two);
      all.ratio.push(one / two);
    }
  }
  return taken.map(({ one, two, ratio }) => ({
    best: round(Math.min(...one) / Math.min(...two)),
    inTurn: round(quantile(ratio, 0.5)),
  }));
}

/** The same of two runners and one, and of plain processes where there are some. */
async function gain(work: (sandbox: Sandbox) => Promise<unknown>, repeats: number, plain: readonly Work[] = []) {
  const settings = { spares: 0, runsPerRunner: 10_000 };
  const one = await createSandbox({ ...settings, runners: 1 });
  const two = await createSandbox({ ...settings, runners: 2 });
  const [first, second] = plain;
  const runners = [() => work(one), () => work(two)] as const;
  try {
    const [sandbox = null, bare = null] = await gains(
      first === undefined || second === undefined ? [runners] : [runners, [first, second]],
      repeats,
    );
    return { sandbox, bare };
  } finally {
    await one.close();
    await two.close();
  }
}

const together = (count: number, one: (index: number) => Promise<unknown>) =>
  Promise.all(Array.from({ length: count }, (_, index) => one(index)));

/** A policy that a runner has trained on the five terms. */
async function train(sandbox: Sandbox): Promise<TrainingRun> {
  const fitness = builtinEnvironments.get(shortTraining.environment)?.fitness;
  if (fitness === undefined) throw new Error(`${shortTraining.environment} is not built in`);
  const outcome = await sandbox.train({ ...shortTraining, tenant: 'bench', reward: fiveTerms(1), fitness });
  if (outcome.kind !== 'ok') throw new Error(`training ended as ${JSON.stringify(outcome)}`);
  return outcome.value.run;
}

/** Milliseconds of one training after another on one runner, whole and what its kernels took of it. */
export async function training(trainings = 40) {
  const sandbox = await createSandbox({ runners: 1, spares: 0 });
  const [all, labelling]: [number[], number[]] = [[], []];
  try {
    for (let done = 0; done < trainings; done += 1) {
      const from = performance.now();
      const { labellingSeconds } = await train(sandbox);
      all.push(performance.now() - from);
      labelling.push(1000 * labellingSeconds);
    }
  } finally {
    await sandbox.close();
  }
  return { trainingMilliseconds: spread(all), trainingLabellingMilliseconds: spread(labelling) };
}

/** All do the same work: what they come to is the same to the last bit. */
async function sameFitness(plain: readonly PlainProcesses[]): Promise<void> {
  const sandbox = await createSandbox({ runners: 1, spares: 0 });
  try {
    const { fitness } = await train(sandbox);
    for (const processes of plain) {
      const [other] = await processes.run('train', [1]);
      if (other !== fitness) throw new Error(`trained to ${fitness} in a runner, to ${other} in a plain process`);
    }
  } finally {
    await sandbox.close();
  }
}

const OFTEN = 8;
const SCALING_REPEATS = 12;

/**
 * Two runners against one: training and labelling, each of which stays in the runner but for what was asked of it, and
 * labelling with every label brought to the one caller, which then has the larger share of the work. Beside the first two stands
 * what two plain processes gain over one by the same work, measured in turn with the runners.
 */
export async function scaling() {
  const long = recorded(STEPS);
  const short = recorded(100_000);
  const plain = await Promise.all([PlainProcesses.start(1), PlainProcesses.start(2)]);
  let asked = 0;
  const weights = () => Array.from({ length: OFTEN }, () => (asked += 1));
  try {
    await sameFitness(plain);
    const training = await gain(
      (sandbox) => together(OFTEN, () => train(sandbox)),
      SCALING_REPEATS,
      plain.map((processes) => () => processes.run('train', Array<number>(OFTEN).fill(1))),
    );
    const labelling = await gain(
      (sandbox) => together(OFTEN, (index) => measure(sandbox, index, long)),
      SCALING_REPEATS,
      plain.map((processes) => () => processes.run('measure', weights())),
    );
    const everyColumn = await gain((sandbox) => together(40, (index) => label(sandbox, index, short)), SCALING_REPEATS);
    const all = {
      training: training.sandbox,
      trainingInPlainProcesses: training.bare,
      labelling: labelling.sandbox,
      labellingInPlainProcesses: labelling.bare,
      labellingEveryColumn: everyColumn.sandbox,
    };
    const each = (kind: keyof Gain) =>
      Object.fromEntries(Object.entries(all).map(([name, measured]) => [name, measured?.[kind] ?? null]));
    return { twoRunnersAgainstOne: each('best'), twoRunnersAgainstOneInTurn: each('inTurn') };
  } finally {
    for (const processes of plain) await processes.close();
  }
}
