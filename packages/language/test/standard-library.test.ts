import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { Environment } from '@rewardsmith/contracts';
import { describe, expect, it } from 'vitest';
import { compile, emitKernel } from '../src/index.ts';
import { libraryFunctions, sigmoids } from '../src/library/signatures.ts';

interface ToleranceCase {
  readonly sigmoid: string;
  readonly lower: number;
  /** Null stands for infinity. */
  readonly upper: number | null;
  readonly margin: number;
  readonly valueAtMargin: number;
  readonly x: readonly number[];
  readonly y: readonly number[];
}

interface RotationCase {
  readonly a: readonly number[];
  readonly b: readonly number[];
  readonly v: readonly number[];
  readonly scaled: readonly number[];
  readonly product: readonly number[];
  readonly inverse: readonly number[];
  readonly turned: readonly number[];
  readonly angle: number;
}

/** Written by reference/generate.py from dm_control and SciPy. */
const golden: { readonly tolerance: readonly ToleranceCase[]; readonly rotations: readonly RotationCase[] } =
  JSON.parse(readFileSync(new URL('../reference/standard-library.golden.json', import.meta.url), 'utf8'));

const vectors = { a: 4, b: 4, v: 3, scaled: 4 } as const;
const environment = Environment.parse({
  name: 'table',
  observation: [
    { name: 'x', shape: [] },
    ...Object.entries(vectors).map(([name, length]) => ({ name, shape: [length] })),
  ],
  action: { kind: 'discrete', n: 2 },
  maxEpisodeSteps: 10,
});

/** What the kernel of `{ name: expression }` gives, one row of numbers a component. */
function evaluate(
  components: Readonly<Record<string, string>>,
  rows: readonly Readonly<Record<string, number | readonly number[]>>[],
): ReadonlyMap<string, readonly number[]> {
  const fields = Object.entries(components).map(([name, text]) => `${name}: ${text}`);
  const compilation = compile(`export function reward({ next }) { return { ${fields.join(', ')} }; }`, environment);
  if (!compilation.ok) throw new Error(JSON.stringify(compilation.findings));
  const kernel = emitKernel(compilation.program);
  const columns = kernel.columns.map(({ field, index }) =>
    Float64Array.from(rows, (row) => {
      const value = row[field] ?? Number.NaN;
      return typeof value === 'number' ? value : (value[index] ?? Number.NaN);
    }),
  );
  const outputs = kernel.outputs.map(() => new Float64Array(rows.length));
  const run = runInNewContext(kernel.source);
  run(columns, Uint32Array.of(0, rows.length), 1, new Float64Array(0), outputs);
  return new Map(kernel.outputs.map((name, index) => [name, [...(outputs[index] ?? [])]]));
}

const spelled = (value: number | null): string => (value === null ? 'Infinity' : String(value));

describe("tolerance, against dm_control's", () => {
  it('has every sigmoid in the table', () => {
    expect(new Set(golden.tolerance.map(({ sigmoid }) => sigmoid))).toEqual(new Set(sigmoids.keys()));
  });

  it.each(golden.tolerance)('$sigmoid on [$lower, $upper], margin $margin, value $valueAtMargin', (given) => {
    const { sigmoid, lower, upper, margin, valueAtMargin, x, y } = given;
    const options = `{ sigmoid: '${sigmoid}', valueAtMargin: ${valueAtMargin} }`;
    const text = `tolerance(next.x, [${lower}, ${spelled(upper)}], ${margin}, ${options})`;
    const found = evaluate(
      { t: text },
      x.map((value) => ({ x: value })),
    ).get('t');
    found?.forEach((value, index) => {
      expect(Math.abs(value - (y[index] ?? Number.NaN)), `at ${x[index]}`).toBeLessThanOrEqual(1e-13);
    });
    expect(found).toHaveLength(x.length);
  });
});

describe("quaternions, against SciPy's rotations", () => {
  const entries = (text: string, length: number): Record<string, string> =>
    Object.fromEntries(
      Array.from({ length }, (_, index) => [`${text.replace(/\W+/g, '_')}${index}`, `${text}[${index}]`]),
    );
  const rows = golden.rotations.map(({ a, b, v, scaled }) => ({ a, b, v, scaled }));
  const near = (expression: string, length: number, expected: (row: RotationCase) => readonly number[]): void => {
    const found = [...evaluate(entries(expression, length), rows).values()];
    golden.rotations.forEach((row, at) => {
      expected(row).forEach((value, index) => {
        expect(Math.abs((found[index]?.[at] ?? Number.NaN) - value)).toBeLessThanOrEqual(1e-12);
      });
    });
    expect(found.length).toBeGreaterThanOrEqual(length);
  };
  /** q and -q are one rotation: the sign is chosen so that the first entry that is not 0 is positive. */
  const sameSign = (q: readonly number[], like: readonly number[]): readonly number[] => {
    const dot = q.reduce((sum, x, index) => sum + x * (like[index] ?? 0), 0);
    return dot < 0 ? q.map((x) => -x) : q;
  };

  it('multiplies', () => {
    const found = [...evaluate(entries('quatMul(next.a, next.b)', 4), rows).values()];
    golden.rotations.forEach(({ product }, at) => {
      const ours = sameSign(
        [0, 1, 2, 3].map((index) => found[index]?.[at] ?? Number.NaN),
        product,
      );
      ours.forEach((value, index) => {
        expect(Math.abs(value - (product[index] ?? Number.NaN))).toBeLessThanOrEqual(1e-14);
      });
    });
  });

  it('inverts, and conjugates what has length 1', () => {
    const byInverse = ({ inverse, a }: RotationCase): readonly number[] =>
      sameSign(inverse, [a[0] ?? 0, -(a[1] ?? 0), -(a[2] ?? 0), -(a[3] ?? 0)]);
    near('quatInverse(next.a)', 4, byInverse);
    near('quatConjugate(next.a)', 4, byInverse);
    near('quatMul(quatInverse(next.scaled), next.scaled)', 4, () => [1, 0, 0, 0]);
  });

  it('normalises', () => near('quatNormalize(next.scaled)', 4, ({ a }) => a));

  it('turns vectors', () => near('quatRotate(next.a, next.v)', 3, ({ turned }) => turned));

  it('gives the angle between orientations, near 0 and near half a turn too', () => {
    const found = evaluate({ angle: 'quatAngle(next.a, next.b)', other: 'quatAngle(next.scaled, next.b)' }, rows);
    golden.rotations.forEach(({ angle }, at) => {
      expect(Math.abs((found.get('angle')?.[at] ?? Number.NaN) - angle)).toBeLessThanOrEqual(1e-12);
      expect(Math.abs((found.get('other')?.[at] ?? Number.NaN) - angle)).toBeLessThanOrEqual(1e-12);
    });
  });
});

describe('the rest of the standard library', () => {
  const rows = [
    { v: [3, 4, 12], a: [1, 2, 3, 4], b: [0.5, -1, 2, 0], x: -7.5 },
    { v: [0, 0, 0], a: [0, 0, 0, 0], b: [1, 1, 1, 1], x: Math.PI },
  ];

  it.each([
    ['sum', 'sum(next.a)', [10, 0]],
    ['mean', 'mean(next.a)', [2.5, 0]],
    ['norm', 'norm(next.v)', [13, 0]],
    ['dot', 'dot(next.a, next.b)', [4.5, 0]],
    ['distance', 'distance(next.a, next.b)', [Math.sqrt(0.25 + 9 + 1 + 16), 2]],
    ['cross', 'cross(next.v, [1, 0, 0])[2]', [-4, 0]],
    ['clamp', 'clamp(next.x, -2, 2)', [-2, 2]],
    ['wrapAngle', 'wrapAngle(next.x)', [-7.5 + 2 * Math.PI, Math.PI]],
    ['potential', 'potential(next.x, 2, 0.5)', [-5.75, 0.5 * Math.PI - 2]],
    ['potential', 'potential(next.x, 2)', [-9.5, Math.PI - 2]],
  ] as const)('%s: %s', (_, text, expected) => {
    const found = evaluate({ c: text }, rows).get('c') ?? [];
    expected.forEach((value, index) => {
      expect(found[index]).toBeCloseTo(value, 14);
    });
  });

  it('is tested here, function by function', () => {
    const own = readFileSync(new URL(import.meta.url), 'utf8');
    for (const name of libraryFunctions.keys()) expect(own, name).toContain(`${name}(`);
  });
});
