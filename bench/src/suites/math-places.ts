import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '@rewardsmith/language';
import { python } from '../language/exports.ts';
import { wholeOf } from '../options.ts';

const unary = [
  ...(['acos', 'acosh', 'asin', 'asinh', 'atan', 'atanh', 'cos', 'cosh', 'exp', 'expm1', 'log'] as const),
  ...(['log10', 'log1p', 'log2', 'sin', 'sinh', 'tan', 'tanh'] as const),
];
const binary = ['atan2', 'hypot', 'pow'] as const;

/** Names of the options of `run`. */
export const takes: readonly string[] = ['arguments'];

/**
 * How far the functions of NumPy, PyTorch and Python are from this engine's `Math`, in units of the last place, over random
 * arguments: small, moderate, of any magnitude between 1e-15 and 1e15, and of any bits at all (denormal and huge).
 */
export async function run(options: ReadonlyMap<string, string>): Promise<Readonly<Record<string, unknown>>> {
  if (!existsSync(python)) return { skipped: 'run .ci/install-python for NumPy and PyTorch' };
  const count = wholeOf(options, 'arguments', 1_200_000);
  const directory = mkdtempSync(join(tmpdir(), 'rewardsmith-places-'));
  const write = (name: string, values: Float64Array): void => writeFileSync(join(directory, name), values);
  try {
    const [x, y] = [drawn(count, 1), drawn(count, 2)];
    write('x', x);
    write('y', y);
    for (const name of unary) write(name, x.map(Math[name]));
    for (const name of binary)
      write(
        name,
        x.map((a, index) => Math[name](a, y[index] ?? 0)),
      );
    const script = join(import.meta.dirname, '../language/math_places.py');
    const { status, stdout, stderr } = spawnSync(python, [script, directory, unary.join(), binary.join()], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
    return { arguments: count, places: JSON.parse(stdout) };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function drawn(count: number, seed: number): Float64Array {
  const random = seededRandom(seed);
  const bits = new Uint32Array(2);
  const double = new Float64Array(bits.buffer);
  return Float64Array.from({ length: count }, (_, index) => {
    if (index % 4 === 0) return 2 * random() - 1;
    if (index % 4 === 1) return 50 * random() - 25;
    if (index % 4 === 2) return (random() < 0.5 ? -1 : 1) * 10 ** (30 * random() - 15);
    bits.set([random() * 2 ** 32, random() * 2 ** 32]);
    return double[0] ?? 0;
  });
}
