import { runInThisContext } from 'node:vm';
import { compile, emitKernel } from '@rewardsmith/language';
import { labelStatistics } from '@rewardsmith/rollouts';
import { cartpole, fiveTerms, recorded } from './workload.ts';

/** The work of a runner that measures, in a process without anything else of a sandbox: what `plain-processes.ts` starts. */

const STEPS = 1_000_000;
/** Rows of a part and of an episode, as the runner has them: a megabyte of six labels, in whole episodes of 500. */
const PART = 21_500;
const rollout = recorded(STEPS);
const outputs = Array.from({ length: 6 }, () => new Float64Array(PART));

function measure(weight: number): number {
  const compilation = compile(fiveTerms(weight), cartpole());
  if (!compilation.ok) throw new Error('the five terms are outside the language');
  const kernel = emitKernel(compilation.program);
  const columns = kernel.columns.map((reference) => rollout.column(reference));
  const params = Float64Array.from(kernel.params, ({ value }) => value);
  // Our own text, from our own emitter.
  const run: unknown = runInThisContext(kernel.source);
  if (typeof run !== 'function') throw new Error('a kernel is a function');
  let total = 0;
  for (let first = 0; first < STEPS; first += PART) {
    const rows = Math.min(PART, STEPS - first);
    const offsets = Uint32Array.from({ length: rows / 500 + 1 }, (_, episode) => episode * 500);
    run(
      columns.map((column) => column.subarray(first, first + rows)),
      offsets,
      rows / 500,
      params,
      outputs,
    );
    const labels = { names: kernel.outputs, columns: outputs.map((column) => column.subarray(0, rows)) };
    total += labelStatistics(labels, offsets).components.at(-1)?.sum[0] ?? 0;
  }
  return total;
}

process.on('message', (weights: readonly number[]) => {
  process.send?.(weights.map(measure));
});
process.send?.('ready');
