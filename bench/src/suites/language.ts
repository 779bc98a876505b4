import { compilation, samples } from '../language/coverage.ts';
import { exportSpeed } from '../language/exports.ts';
import { parity } from '../language/parity.ts';

/** Names of the options of `run`. */
export const takes: readonly string[] = ['corpus'];

/**
 * Latency of check and compile, the share of a corpus that is accepted, how far exports are from their kernels, and the
 * speed of exported NumPy and PyTorch. `--corpus DIR` names the programs; without it they are the built-in ones.
 */
export async function run(options: ReadonlyMap<string, string>): Promise<Readonly<Record<string, unknown>>> {
  const programs = samples(options.get('corpus') ?? null);
  return { ...compilation(programs), parity: await parity(programs), exports: exportSpeed() };
}
