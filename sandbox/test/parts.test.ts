import fc from 'fast-check';
import { expect, test } from 'vitest';
import { partRows, rowsAtOnce } from '../src/channel/outputs.ts';
import { parts } from '../src/runner/parts.ts';

const lengths = fc.array(fc.nat({ max: 50 }), { maxLength: 40 });

test('parts hold every episode once, in order and whole, and as many as fit', () => {
  fc.assert(
    fc.property(lengths, fc.integer({ min: 1, max: 100 }), (episodes, rows) => {
      const offsets = Uint32Array.from([0, ...episodes].map((_, index, all) => sum(all.slice(0, index + 1))));
      const all = [...parts(offsets, rows)];
      const seen = all.flatMap((part) => [...part.offsets.slice(0, -1)].map((offset) => part.first + offset));
      expect(seen).toEqual([...offsets.slice(0, -1)]);
      expect(sum(all.map((part) => part.rows))).toBe(sum(episodes));
      for (const part of all) expect(part.rows <= rows || part.episodes === 1).toBe(true);
      all.slice(1).forEach((part, index) => {
        const before = all[index]?.rows ?? 0;
        expect(before + (part.offsets[1] ?? 0)).toBeGreaterThan(rows);
      });
    }),
  );
});

test('room for one part is room for each of them, and no more than for all', () => {
  const long = partRows(2);
  for (const episodes of [[3, 5], [long, 1], [2 * long, 7, long], []]) {
    const offsets = Uint32Array.from([0, ...episodes].map((_, index, all) => sum(all.slice(0, index + 1))));
    const rows = rowsAtOnce('statistics', 2, sum(episodes), offsets);
    expect(Math.max(0, ...[...parts(offsets, long)].map((part) => part.rows))).toBeLessThanOrEqual(rows);
    expect(rows).toBeLessThanOrEqual(rowsAtOnce('columns', 2, sum(episodes), offsets));
  }
});

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
