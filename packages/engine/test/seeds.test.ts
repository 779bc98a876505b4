import { expect, test } from 'vitest';
import { deriveSeed, type SeedStream } from '../src/seeds.ts';

const streams: readonly SeedStream[] = [
  'search-training',
  'search-episodes',
  'confirmation-training',
  'confirmation-episodes',
  'held-out-training',
  'held-out-episodes',
];

test('search, confirmation and held-out measurement share no seed', () => {
  const seeds = Array.from({ length: 200 }, (_, taskSeed) =>
    streams.flatMap((stream) => Array.from({ length: 16 }, (_, index) => deriveSeed(taskSeed, stream, index))),
  );
  for (const ofOneTask of seeds) expect(new Set(ofOneTask).size).toBe(streams.length * 16);
});

test('a seed depends on its place alone', () => {
  expect(deriveSeed(3, 'proposal', 1, 2)).toBe(deriveSeed(3, 'proposal', 1, 2));
  expect(deriveSeed(3, 'proposal', 1, 2)).not.toBe(deriveSeed(3, 'proposal', 2, 1));
  expect(deriveSeed(3, 'proposal', 12)).not.toBe(deriveSeed(3, 'proposal', 1, 2));
});
