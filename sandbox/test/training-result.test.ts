import { describe, expect, test } from 'vitest';
import { limits } from '../src/limits.ts';
import { readTrainingResult } from '../src/supervisor/training-result.ts';

const run = {
  seed: 1,
  environmentSteps: 5_000,
  fitness: 1,
  episodes: 2,
  successRate: 0.5,
  episodeLength: 10,
  return: 3,
  checkpoints: [],
  seconds: 1,
  labellingSeconds: 0.5,
};
const episode = {
  seed: 1,
  fitness: 1,
  succeeded: true,
  terminated: false,
  columns: { angle: [1, 2.5] },
  components: { total: [3, 4] },
};
const honest = { run, episodes: [episode, episode], policy: [0.5, -1], nonFiniteReturns: 0 };

/** What is read of a result that comes over the channel. */
function read(result: unknown) {
  const bytes = Buffer.from(typeof result === 'string' ? result : JSON.stringify(result));
  expect(bytes.length).toBeLessThan(limits.resultBytes);
  return readTrainingResult(bytes);
}

const nulls = Array.from({ length: 3_000_000 }, () => null);
const ones = Array.from({ length: 6_000_000 }, () => 1);
const deep = '['.repeat(2 ** 22) + ']'.repeat(2 ** 22);

describe('the result of a training, as a runner sends it,', () => {
  test('is read', () => {
    expect(read(honest)).toEqual(honest);
  });

  test.each([
    ['millions of nulls where checkpoints belong', { ...honest, run: { ...run, checkpoints: nulls } }],
    ['millions of numbers where checkpoints belong', { ...honest, run: { ...run, checkpoints: ones } }],
    ['a policy of millions of numbers', { ...honest, policy: ones }],
    ['a policy of lists', { ...honest, policy: [[1]] }],
    ['a column of nulls', { ...honest, episodes: [{ ...episode, columns: { angle: nulls } }] }],
    ['dynamics of millions of nulls', { ...honest, episodes: [{ ...episode, dynamics: nulls }] }],
    ['a list in place of all', nulls],
    ['lists in lists', deep],
    ['millions of records', `[${'{},'.repeat(2 ** 22)}0]`],
    ['a text that is no JSON', '{'],
    ['nothing', ''],
  ])('is refused with %s', (_, result) => {
    expect(read(result)).toEqual({ wrong: expect.any(String) });
  });

  const names = Array.from({ length: 900_000 }, (_, index) => `"k${index.toString(36)}":0`).join(',');
  const texts = Array.from({ length: 900_000 }, (_, index) => `"${index.toString(36)}"`).join(',');
  test.each([
    ['lists', deep, 'more than 10000 lists and records'],
    ['records', `[${'{},'.repeat(2 ** 22)}0]`, 'more than 10000 lists and records'],
    ['names', `{${names}}`, 'more than 10000 names and texts'],
    [
      'names of columns',
      JSON.stringify(honest).replace('"columns":{', `"columns":{${names},`),
      'more than 10000 names and texts',
    ],
    ['texts', `[${texts}]`, 'more than 10000 names and texts'],
    ['numbers', `[${'0,'.repeat(2 ** 22)}0]`, 'more than 2000000 numbers'],
  ])('is refused for its millions of %s before it is parsed', (_, result, wrong) => {
    expect(read(result)).toEqual({ wrong });
  });

  test('may hold as much as the longest training of the most components', () => {
    const statistics = { mean: 1, standardDeviation: 1, min: 0, max: 2 };
    const components = Object.fromEntries(Array.from({ length: 64 }, (_, index) => [`component${index}`, statistics]));
    const columns = Object.fromEntries(Array.from({ length: 72 }, (_, index) => [`c${index}`, Array(999).fill(0.1)]));
    const checkpoints = Array.from({ length: 11 }, () => ({
      environmentSteps: 1,
      return: 1,
      fitness: 1,
      episodeLength: 1,
      components,
    }));
    const large = {
      run: { ...run, checkpoints },
      episodes: [{ ...episode, columns }],
      policy: [1],
      nonFiniteReturns: 0,
    };
    expect(read(large)).toEqual(large);
  });

  test('says which number is none', () => {
    expect(read({ ...honest, run: { ...run, fitness: '-Infinity' } })).toEqual({
      wrong: 'fitness is -Infinity, where a number belongs',
    });
  });

  test('is refused with the name of the number that is none', () => {
    expect(read({ ...honest, policy: ['NaN'] })).toEqual({ wrong: 'NaN where a number belongs' });
  });
});
