import { deserialize, serialize } from 'node:v8';
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
  const bytes = serialize(result);
  expect(bytes.length).toBeLessThan(limits.resultBytes);
  return readTrainingResult(deserialize(bytes));
}

/** Of holes alone: it is sent in ten bytes. */
const holes: unknown[] = [];
holes.length = 2 ** 32 - 1;
const nulls = Array.from({ length: 12_000_000 }, () => null);
const ones = Array.from({ length: 6_000_000 }, () => 1);
/** One list of a million numbers under ten thousand names. */
const million = Array.from({ length: 1_000_000 }, () => 1);
const shared = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`c${index}`, million]));
/** Lists in lists, each twice: of a trillion entries when it is written out. */
let doubled: unknown[] = [1];
for (let depth = 0; depth < 40; depth += 1) doubled = [doubled, doubled];
let deep: unknown = 1;
for (let depth = 0; depth < 1_000; depth += 1) deep = [deep];

describe('the result of a training, as a runner sends it,', () => {
  test('is read', () => {
    expect(read(honest)).toEqual(honest);
  });

  test.each([
    ['a list of holes where checkpoints belong', { ...honest, run: { ...run, checkpoints: holes } }],
    ['millions of nulls where checkpoints belong', { ...honest, run: { ...run, checkpoints: nulls } }],
    ['millions of numbers where checkpoints belong', { ...honest, run: { ...run, checkpoints: ones } }],
    ['lists in lists', { ...honest, run: { ...run, checkpoints: doubled } }],
    ['a deep list', { ...honest, run: { ...run, checkpoints: deep } }],
    ['a policy of holes', { ...honest, policy: holes }],
    ['a policy of millions of numbers', { ...honest, policy: ones }],
    ['a policy of lists in lists', { ...honest, policy: [doubled] }],
    ['a policy of one hole', { ...honest, policy: new Array(1) }],
    ['episodes of holes', { ...honest, episodes: holes }],
    ['an episode that is a hole', { ...honest, episodes: new Array(1) }],
    ['one column under many names', { ...honest, episodes: [{ ...episode, columns: shared }] }],
    ['a column of holes', { ...honest, episodes: [{ ...episode, columns: { angle: holes } }] }],
    ['a column of nulls', { ...honest, episodes: [{ ...episode, columns: { angle: nulls } }] }],
    ['columns that are a text', { ...honest, episodes: [{ ...episode, columns: Object('x'.repeat(1e7)) }] }],
    ['dynamics of millions of nulls', { ...honest, episodes: [{ ...episode, dynamics: nulls }] }],
    ['bytes in place of an episode', { ...honest, episodes: [new Uint8Array(1e7)] }],
    ['bytes in place of all', new Uint8Array(1e7)],
    ['a list in place of all', nulls],
    ['nothing', undefined],
  ])('is refused with %s, without a look at every entry', (_, result) => {
    expect(read(result)).toEqual({ wrong: expect.any(String) });
  });
});
