import { listed } from '../options.ts';
import { compiling } from '../sandbox/compiling.ts';
import { containment } from '../sandbox/containment.ts';
import { processorTime } from '../sandbox/processor-time.ts';
import { rollouts } from '../sandbox/rollouts.ts';
import { sourceToLabels } from '../sandbox/source-to-labels.ts';
import { scaling, throughput, training } from '../sandbox/speed.ts';
import { determinism, leaks } from '../sandbox/steadiness.ts';

/** In the order in which they run. */
const parts = new Map<string, () => Promise<Readonly<Record<string, unknown>>>>([
  // First: the labels of long rollouts, which come after, leave a heap behind whose collection would be seen in it.
  ['sourceToLabels', async () => ({ sourceToLabelsMilliseconds: await sourceToLabels() })],
  ['throughput', throughput],
  ['rollouts', rollouts],
  ['training', training],
  ['compiling', compiling],
  ['scaling', scaling],
  ['processorTime', processorTime],
  ['containment', containment],
  ['leaks', leaks],
  ['determinism', determinism],
  ['sourceToLabelsAfterLongOnes', async () => ({ sourceToLabelsAfterLongOnesMilliseconds: await sourceToLabels(20) })],
]);

/** Names of the options of `run`. */
export const takes: readonly string[] = ['parts'];

/**
 * The sandbox: speed beside plain V8, NumPy and CPython, what it does to hostile programs, and that nothing is left
 * behind. Takes some ten minutes; speeds mean something on a machine that does nothing else. Options: `--parts` (a list with
 * commas, of the names above).
 */
export async function run(options: ReadonlyMap<string, string>): Promise<Readonly<Record<string, unknown>>> {
  const chosen = (listed(options, 'parts') ?? [...parts.keys()]).map((name) => {
    const part = parts.get(name);
    if (part === undefined) throw new Error(`--parts takes ${[...parts.keys()].join(', ')}, not "${name}"`);
    return part;
  });
  let figures: Readonly<Record<string, unknown>> = {};
  for (const part of chosen) figures = { ...figures, ...(await part()) };
  return figures;
}
