import { compiling } from '../sandbox/compiling.ts';
import { containment } from '../sandbox/containment.ts';
import { processorTime } from '../sandbox/processor-time.ts';
import { scaling, sourceToLabels, throughput } from '../sandbox/speed.ts';
import { determinism, leaks } from '../sandbox/steadiness.ts';

/** In the order in which they run. */
const parts: Readonly<Record<string, () => Promise<Readonly<Record<string, unknown>>>>> = {
  throughput,
  sourceToLabels: async () => ({ sourceToLabelsMilliseconds: await sourceToLabels() }),
  compiling,
  scaling: async () => ({ twoRunnersAgainstOne: await scaling() }),
  processorTime,
  containment,
  leaks,
  determinism,
};

/**
 * The sandbox: speed beside plain V8, NumPy and CPython, what it does to hostile programs, and that nothing is left
 * behind. Takes some ten minutes; speeds mean something on a machine that does nothing else. Options: `--parts` (a list with
 * commas, of the names above).
 */
export async function run(options: ReadonlyMap<string, string>): Promise<Readonly<Record<string, unknown>>> {
  let figures: Readonly<Record<string, unknown>> = {};
  for (const name of options.get('parts')?.split(',') ?? Object.keys(parts)) {
    const part = parts[name];
    if (part === undefined) throw new Error(`--parts takes ${Object.keys(parts).join(', ')}, not "${name}"`);
    figures = { ...figures, ...(await part()) };
  }
  return figures;
}
