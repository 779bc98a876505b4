import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile, emitKernel, liftLiterals, type RewardProgram, withParams } from '../src/index.ts';
import { crane } from './environments.ts';
import { compiled, fixtures } from './fixtures.ts';
import { makeRows } from './rows.ts';

const length = 120;

/** All components over rows that are partly hostile, as the bits of one array. */
function results(program: RewardProgram, seed: number): BigUint64Array {
  const kernel = emitKernel(program);
  const rows = makeRows(program.environment, length, seed);
  const columns = kernel.columns.map((column) => {
    const at = rows.layout.findIndex(
      ({ role, field, index }) => role === column.role && field === column.field && index === column.index,
    );
    return rows.columns[at];
  });
  const outputs = kernel.outputs.map(() => new Float64Array(length));
  const params = Float64Array.from(kernel.params, ({ value }) => value);
  runInNewContext(kernel.source)(columns, Uint32Array.of(0, length / 2, length), 2, params, outputs);
  return new BigUint64Array(Float64Array.from(outputs.flatMap((output) => [...output])).buffer);
}

const found = (program: RewardProgram): readonly (readonly [string, number])[] =>
  liftLiterals(program).params.map(({ name, value }) => [name, value] as const);

const program = (source: string): RewardProgram => compiled({ source, environment: crane });

describe('numbers lifted into params', () => {
  it.each(fixtures)('leave the meaning of $name as it is, bit for bit', (fixture) => {
    const before = compiled(fixture);
    const { source, params } = liftLiterals(before);
    const after = compiled({ source, environment: fixture.environment });
    expect(results(after, 11)).toEqual(results(before, 11));
    expect([...after.params.keys()]).toEqual(expect.arrayContaining(params.map(({ name }) => name)));
  });

  it('are found under names from their surroundings, with their places', () => {
    const source = `export const params = { gain: 1 };
const CALM_RATE = 0.2;
const settle = (x, width = 0.4) => Math.exp(-x / width);
export function reward({ next, params }) {
  const margin = 0.3;
  const near = next.rope < 2.5 ? 0.75 : 0;
  return { calm: Math.abs(next.swingRate) < CALM_RATE ? params.gain : 0, near, settle: settle(next.swing), m: margin * next.swing };
}`;
    expect(liftLiterals(program(source)).params).toEqual([
      { name: 'calmRate', value: 0.2, line: 2, column: 19 },
      { name: 'width', value: 0.4, line: 3, column: 28 },
      { name: 'margin', value: 0.3, line: 5, column: 18 },
      { name: 'ropeThreshold', value: 2.5, line: 6, column: 28 },
      { name: 'nearValue', value: 0.75, line: 6, column: 34 },
    ]);
  });

  it('are left where the language has to know them, or where they are no numbers to tune', () => {
    const source = `const RELEASE = 3;
const TURNS = 4;
const COSTS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7];
export function reward({ next, action, env }) {
  let sway = 0;
  for (let i = 0; i < TURNS; i += 2) sway += next.swing ** 2 / (next.rope + 1e-6);
  const degrees = (next.swing * 180) / Math.PI;
  const cost = env.costs[2] + COSTS[5];
  return { sway, degrees, cost, released: action === RELEASE ? 1 : 0, parity: action % 2, shifted: action & 6 };
}`;
    expect(found(program(source))).toEqual([]);
  });

  it('keep clear of the names that params have', () => {
    const source = `export const params = {
  near: 1,
};
export function reward({ next, params }) {
  const near = next.rope / 3;
  const limit = 7;
  return { near: near * params.near, other: next.swing * limit };
}`;
    const { source: lifted } = liftLiterals(program(source));
    expect(lifted).toContain(`export const params = {
  near: 1,
  nearScale: 3,
  limit: 7,
};`);
    expect(lifted).toContain('const near = next.rope / params.nearScale;');
  });

  it('make a params record where there is none', () => {
    const { source } = liftLiterals(program('export const reward = ({ next }) => ({ a: 2.5 * next.swing });'));
    expect(source).toBe(
      'export const params = { aWeight: 2.5 };\n\nexport const reward = ({ next }) => ({ a: params.aWeight * next.swing });',
    );
  });

  it('are read by the kernel afterwards', () => {
    const { source } = liftLiterals(program('export const reward = ({ next }) => ({ a: 2.5 * next.swing });'));
    expect(emitKernel(program(source)).params).toEqual([{ name: 'aWeight', value: 2.5 }]);
  });
});

describe('params with other values', () => {
  const source = `export const params = Object.freeze({
  gain: 1.5, // of the swing
  limits: { near: -0.1, far: 2 * 3 },
  shape: [1, 2.5e0],
});
export function reward({ next, params: { gain, limits, shape } }) {
  return { a: gain * next.swing + limits.near, b: next.rope > limits.far ? shape[0] : shape[1] };
}`;
  const names = [...program(source).params.keys()];

  it('are written into the text, and nothing else is', () => {
    const values = new Map([
      ['gain', -2],
      ['limits.far', 0.25],
      ['shape.1', 7],
    ]);
    expect(withParams(source, values)).toEqual({
      ok: true,
      source: source.replace('1.5', '-2').replace('2 * 3', '0.25').replace('2.5e0', '7'),
    });
  });

  it('are what the program then has, whatever they are', () => {
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(fc.array(finite, { minLength: names.length, maxLength: names.length }), (numbers) => {
        const values = new Map(names.map((name, index) => [name, numbers[index] ?? 0]));
        const rewritten = withParams(source, values);
        if (!rewritten.ok) throw new Error(rewritten.message);
        const again = program(rewritten.source);
        expect([...again.params]).toEqual([...values]);
        expect(withParams(rewritten.source, values)).toEqual(rewritten);
        expect(again.module.replace(/[\s\S]*export function/, '')).toBe(source.replace(/[\s\S]*export function/, ''));
      }),
      { numRuns: 60 },
    );
  });

  it.each(fixtures)('are those of $name when they are its own', (fixture) => {
    const before = compiled(fixture);
    if (before.params.size === 0)
      return expect(withParams(before.module, new Map()).ok).toBe(/\bparams\s*=/.test(before.module));
    const rewritten = withParams(before.module, before.params);
    expect(rewritten.ok && compile(rewritten.source, fixture.environment)).toMatchObject({
      program: { hash: before.hash },
    });
  });

  it.each([
    ['no-params', 'export const reward = () => ({ a: 1 });', 'gain', 1],
    ['unknown-param', source, 'limits.middle', 1],
    ['unknown-param', source, 'gain.x', 1],
    ['not-finite', source, 'gain', Number.NaN],
  ] as const)('are refused: %s', (code, text, name, value) => {
    expect(withParams(text, new Map([[name, value]]))).toMatchObject({ ok: false, code });
  });
});
