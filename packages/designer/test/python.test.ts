import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Environment } from '@rewardsmith/contracts';
import { compile, emitTarget, seededRandom } from '@rewardsmith/language';
import { describe, expect, it } from 'vitest';
import { describeWithPython, python } from '../../language/test/python/python.ts';
import { translatePython } from '../src/index.ts';
import { programs } from './python/programs.ts';
import { RandomPython } from './python/random.ts';

const environment = Environment.parse({
  name: 'lift',
  description: 'Lift the cube.',
  observation: [
    { name: 'height', shape: [], unit: '1', low: -2, high: 2, description: 'Height of the cube' },
    { name: 'speed', shape: [], unit: '1', low: -3, high: 3, description: 'Speed of the cube' },
    { name: 'hand', shape: [3], unit: '1', low: -1, high: 1, description: 'Where the hand is' },
    { name: 'cube', shape: [3], unit: '1', low: -1, high: 1, description: 'Where the cube is' },
    { name: 'held', shape: [], unit: 'boolean', description: 'Whether the cube is held' },
  ],
  action: { kind: 'continuous', shape: [2], low: -1, high: 1 },
  constants: { target: 1.5, origin: [0, 0, 0.5] },
  maxEpisodeSteps: 100,
});

/** States and actions within their bounds, and some in which numbers are halves, equal or 0. */
function rows(count: number) {
  const random = seededRandom(7);
  const number = (low: number, high: number, coarse: boolean) => {
    const value = low + (high - low) * random();
    return coarse ? Math.round(2 * value) / 2 : value;
  };
  const vector = (size: number, coarse: boolean) => Array.from({ length: size }, () => number(-1, 1, coarse));
  const state = (coarse: boolean) => ({
    height: number(-2, 2, coarse),
    speed: number(-3, 3, coarse),
    hand: vector(3, coarse),
    cube: vector(3, coarse),
    held: random() < 0.5,
  });
  return Array.from({ length: count }, (_, index) => {
    const coarse = index % 2 === 0;
    const [obs, next, action] = [state(coarse), state(coarse), vector(2, coarse)];
    return { obs, next, action, terminated: index % 3 === 0, truncated: index % 5 === 0 };
  });
}

function translated(source: string): string {
  const result = translatePython(source, environment);
  if (result.kind !== 'translated') throw new Error(JSON.stringify(result));
  return result.source;
}

/** Runs programs in Python as they are written and as their translations are exported, over the same rows. */
function compared(given: readonly { readonly name: string; readonly source: string }[], count: number) {
  const pairs = given.map(({ name, source }) => {
    const compilation = compile(translated(source), environment);
    if (!compilation.ok) throw new Error(`${source}\n${JSON.stringify(compilation.findings)}`);
    const [, own = ''] = /def (\w*reward)\(/.exec(source) ?? [];
    return { name, source, function: own, module: emitTarget(compilation.program, 'python') };
  });
  const input = JSON.stringify({ programs: pairs, rows: rows(count), constants: environment.constants });
  const script = fileURLToPath(new URL('python/compare.py', import.meta.url));
  const run = spawnSync(python, ['-W', 'ignore', script], { input, encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (run.status !== 0) throw new Error(run.stderr);
  return run.stdout
    .trim()
    .split('\n')
    .map((line): { name: string; rows: number; differences: readonly string[] } => JSON.parse(line));
}

describeWithPython('a reward in Python', () => {
  it.each(Object.entries(programs))('computes what it did before it was translated: %s', (name, source) => {
    expect(compared([{ name, source }], 200)).toEqual([{ name, rows: 200, differences: [] }]);
  });
});

describeWithPython('expressions in Python', () => {
  it('have the value that Python gives them, however they are nested', () => {
    const drawn = new RandomPython(seededRandom(11));
    const random = Array.from({ length: 150 }, () => drawn.program());
    const told = compared(
      random.map((source, index) => ({ name: String(index), source })),
      40,
    );
    expect(told).toHaveLength(random.length);
    for (const { name, differences } of told)
      expect([random[Number(name)], differences]).toEqual([random[Number(name)], []]);
  });
});

describe('the translation of Python', () => {
  it('keeps names and comments, and asks for the inputs that are read', () => {
    const source = translated(programs['a pair of a total and its components'] ?? '');
    expect(source).toContain('// The hand comes nearer.');
    expect(source).toContain('export function reward({ next, obs, action }) {');
    expect(source).toContain('return { total: reward_, components: { progress, near, lift, effort, stage } };');
  });

  it('passes over what is no Python', () => {
    expect(translatePython('export function reward({ next }) { return { x: next.height }; }', environment)).toEqual({
      kind: 'other',
    });
    expect(translatePython('I would pay the height.', environment)).toEqual({ kind: 'other' });
  });

  it('refuses a parameter that hides a constant of the module', () => {
    const source = 'W = 2.0\ndef reward(next_obs, W=3.0):\n    return {"x": W}\n';
    expect(translatePython(source, environment)).toMatchObject({ kind: 'refused', line: 2 });
  });

  it('refuses a constant of the module that a branch assigns', () => {
    const source = 'W = 2.0\ndef reward(next_obs):\n    if next_obs["held"]:\n        W = 3.0\n    return {"x": W}\n';
    expect(translatePython(source, environment)).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('W is assigned in a branch'),
      line: 2,
    });
  });

  it.each([
    'prev_obs, action, obs',
    'previous_state, action, state',
    'last_obs, action, current_obs',
    'obs_prev, action, obs',
  ])('takes the later of two states for the next one: %s', (parameters) => {
    const [before, , after] = parameters.split(', ');
    expect(translated(`def reward(${parameters}):\n    return {"x": ${after}["height"] - ${before}["height"]}\n`)).toBe(
      'export function reward({ next, obs }) {\n  return { x: next.height - obs.height };\n}\n',
    );
  });

  it.each(['obs, action, state', 'prev_obs, obs, next_obs', 'obs, action, next_obs, new_obs', 'obs, action, a'])(
    'refuses two parameters that stand for one input: %s',
    (parameters) => {
      expect(translatePython(`def reward(${parameters}):\n    return {"x": 1.0}\n`, environment)).toMatchObject({
        kind: 'refused',
        message: expect.stringContaining('same input'),
      });
    },
  );

  it.each([
    ['fields by number', 'return next_obs[0]', /next\["height"\]/],
    ['rounding to digits', 'return {"x": round(next_obs["height"], 2)}', /round/],
    ['arithmetic of lists', 'return {"x": sum([1, 2] + [next_obs["height"], 1])}', /np\.array/],
    ['an array as a condition', 'return {"x": 1.0 if next_obs["hand"] else 0.0}', /len\(x\) > 0/],
    [
      'an index that may be negative',
      'i = int(next_obs["height"])\n    return {"x": next_obs["hand"][i]}',
      /whole number/,
    ],
    ['a name that is an input of nobody', 'return {"x": info["success"]}', /inputs are/],
    ['libraries of its own', 'import random\n    return {"x": random.random()}', /reward language/],
    [
      'an array that is changed in place',
      'v = next_obs["hand"]\n    v += 1\n    return {"x": v[0]}',
      /name of its own/,
    ],
    [
      'a loop variable that is used elsewhere',
      'i = 5\n    for i in range(2):\n        pass\n    return {"x": i}',
      /name of its own/,
    ],
    [
      'an input that a branch assigns',
      'if next_obs["height"] > 1:\n        action = next_obs["hand"]\n    return {"x": action[0]}',
      /a name of its own/,
    ],
    [
      'a parameter of no input that a branch assigns',
      'if next_obs["height"] > 1:\n        info = 2.0\n    return {"x": info}',
      /a name of its own/,
    ],
    [
      'an entry of a copy that is assigned',
      'v = next_obs["hand"].copy()\n    v[0] = 5.0\n    return {"x": v[0]}',
      /write the array whole/,
    ],
    ['a slice that is assigned', 'v = [1.0, 2.0]\n    v[:1] = [3.0]\n    return {"x": v[0]}', /write the array whole/],
    [
      'an entry that is added to',
      'v = next_obs["hand"][:2]\n    v[0] += 5.0\n    return {"x": v[0]}',
      /write the array/,
    ],
    ['a copy of nobody knows what', 'a = [[1.0], [2.0]][0].copy()\n    return {"x": a[0]}', /reward language/],
    ['arrays of different lengths', 'return {"x": np.sum(action * next_obs["hand"])}', /as many entries/],
    [
      'arrays whose lengths are not known',
      'n = len([x for x in action if x > 0])\n    return {"x": np.sum(action[:n] * action)}',
      /as many entries/,
    ],
    [
      'arrays of different lengths that are compared',
      'return {"x": np.any(action > next_obs["hand"])}',
      /as many entries/,
    ],
    [
      'a name whose array becomes another length',
      'v = next_obs["hand"]\n    v = v[:2]\n    return {"x": v[0]}',
      /name of its own/,
    ],
    ['a zip that ends early', 'return {"x": sum(a > b for a, b in zip(next_obs["hand"], action))}', /as many entries/],
    ['None as a bound', 'return {"x": np.sum(action[1:None])}', /bound out/],
    ['a sum that begins with a number', 'return {"x": sum([1.0, 2.0], -1)}', /reward language/],
    [
      'a function of another library by the name of one that is known',
      'from scipy.stats import norm\n    return {"x": norm(next_obs["hand"])}',
      /reward language/,
    ],
    ['a function of another part of NumPy', 'return {"x": np.random.power(2.0, 1.0)}', /reward language/],
    ['a function that another library renames', 'import jax.numpy as jnp\n    return {"x": jnp.sum(action)}', /reward/],
    ['bits', 'return {"x": (next_obs["height"] > 0) & (next_obs["speed"] > 0)}', /reward language/],
    ['exceptions', 'raise ValueError("no")', /reward language/],
    ['fields in an order', 'height, speed = next_obs\n    return {"x": height}', /by its name/],
    ['what is nested too deeply', `return {"x": ${'('.repeat(8_000)}1${')'.repeat(8_000)}}`, /nested/],
    [
      'what would grow too long',
      `return {"x": float(${'1 < ('.repeat(40)}1${' < 2) < 3'.repeat(40)})}`,
      /names of their own/,
    ],
    [
      'what comes out too long',
      `v = next_obs["hand"]\n${'    v = v * v + v - v * v + v * v\n'.repeat(400)}`,
      /shorter program/,
    ],
    ['three values', 'return 1.0, False, {}', /the dict alone/],
    ['what does not parse', 'return {"x": }', /Python/],
  ])('refuses %s where they stand, and says what to write', (_, body, told) => {
    const result = translatePython(
      `import numpy as np\ndef reward(obs, action, next_obs, info):\n    ${body}\n`,
      environment,
    );
    expect(result).toMatchObject({ kind: 'refused', line: expect.any(Number) });
    expect(result.kind === 'refused' ? `${result.message} ${result.advice}` : '').toMatch(told);
  });
});
