import { builtinEnvironments } from '@rewardsmith/environments';
import { labelStatistics, type Rollout } from '@rewardsmith/rollouts';
import { type Labeller, trainPolicy } from '@rewardsmith/training';
import { type PlainWork, shortTraining } from './plain-work.ts';
import { evaluated, fiveTerms, kernelOf, recorded } from './workload.ts';

/** The work of a runner, in a process without anything else of a sandbox: what `plain-processes.ts` starts. */

const STEPS = 1_000_000;
/** Rows of a part and of an episode, as the runner has them: a megabyte of six labels, in whole episodes of 500. */
const PART = 21_500;
const rollout = recorded(STEPS);
const outputs = Array.from({ length: 6 }, () => new Float64Array(PART));

function measure(weight: number): number {
  const kernel = kernelOf(fiveTerms(weight));
  const run = evaluated(kernel);
  const columns = kernel.columns.map((reference) => rollout.column(reference));
  let total = 0;
  for (let first = 0; first < STEPS; first += PART) {
    const rows = Math.min(PART, STEPS - first);
    const offsets = Uint32Array.from({ length: rows / 500 + 1 }, (_, episode) => episode * 500);
    run(
      columns.map((column) => column.subarray(first, first + rows)),
      offsets,
      rows / 500,
      outputs,
    );
    const labels = { names: kernel.outputs, columns: outputs.map((column) => column.subarray(0, rows)) };
    total += labelStatistics(labels, offsets).components.at(-1)?.sum[0] ?? 0;
  }
  return total;
}

function labeller(source: string, entry: 'reward' | 'success'): Labeller {
  const kernel = kernelOf(source, entry);
  const run = evaluated(kernel);
  const memory = new WeakMap<SharedArrayBuffer, readonly Float64Array[]>();
  return (episodes: Rollout) => {
    let columns = memory.get(episodes.buffer);
    if (columns === undefined) {
      columns = kernel.outputs.map(() => new Float64Array(episodes.capacity.steps));
      memory.set(episodes.buffer, columns);
    }
    const read = kernel.columns.map((reference) => episodes.column(reference));
    run(read, episodes.episodeOffsets, episodes.episodes, columns);
    return { names: kernel.outputs, columns: columns.map((column) => column.subarray(0, episodes.steps)) };
  };
}

/** Fitness of a policy that was trained on the five terms. */
function train(weight: number): number {
  const environment = builtinEnvironments.get(shortTraining.environment);
  if (environment === undefined) throw new Error(`${shortTraining.environment} is not built in`);
  const { fitness, success } = environment;
  const { run } = trainPolicy({
    ...shortTraining,
    environment,
    reward: labeller(fiveTerms(weight), 'reward'),
    fitness: labeller(fitness.source, 'success'),
    aggregate: fitness.aggregate,
    success: labeller(success, 'success'),
  });
  return run.fitness;
}

const works = { measure, train };

process.on('message', ({ kind, weights }: PlainWork) => {
  process.send?.(weights.map(works[kind]));
});
process.send?.('ready');
