import { compiling } from '../sandbox/compiling.ts';
import { containment } from '../sandbox/containment.ts';
import { processorTime } from '../sandbox/processor-time.ts';
import { scaling, sourceToLabels, throughput } from '../sandbox/speed.ts';
import { determinism, leaks } from '../sandbox/steadiness.ts';

/**
 * The sandbox: speed beside plain V8, NumPy and CPython, what it does to hostile programs, and that nothing is left
 * behind. Takes some minutes; speeds mean something on a machine that does nothing else.
 */
export async function run(): Promise<Readonly<Record<string, unknown>>> {
  return {
    ...(await throughput()),
    sourceToLabelsMilliseconds: await sourceToLabels(),
    ...(await compiling()),
    twoRunnersAgainstOne: await scaling(),
    ...(await processorTime()),
    ...(await containment()),
    ...(await leaks()),
    ...(await determinism()),
  };
}
