import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labelStatistics } from '../src/index.ts';

/** Values as a hostile program may write them. */
const value = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, -0, 1e300, -1e300, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
);
const episodes = fc.array(fc.array(value, { maxLength: 12 }), { maxLength: 6 });

describe('statistics of labels', () => {
  it('are those of the finite values of each episode, and count the others', () => {
    fc.assert(
      fc.property(episodes, (rows) => {
        const offsets = Uint32Array.from([0, ...rows.map((_, index) => rows.slice(0, index + 1).flat().length)]);
        const labels = { names: ['total'], columns: [Float64Array.from(rows.flat())] };
        const [total] = labelStatistics(labels, offsets).components;
        rows.forEach((row, episode) => {
          const finite = row.filter(Number.isFinite);
          const sum = finite.reduce((all, each) => all + each, 0);
          const none = finite.length === 0;
          expect({
            sum: total?.sum[episode],
            sumOfSquares: total?.sumOfSquares[episode],
            mean: total?.mean[episode],
            min: total?.min[episode],
            max: total?.max[episode],
            nonFinite: total?.nonFinite[episode],
          }).toEqual({
            sum,
            sumOfSquares: finite.reduce((all, each) => all + each * each, 0),
            mean: none ? Number.NaN : sum / finite.length,
            min: none ? Number.NaN : Math.min(...finite),
            max: none ? Number.NaN : Math.max(...finite),
            nonFinite: row.length - finite.length,
          });
        });
      }),
    );
  });

  it('of no episode are empty', () => {
    const labels = { names: ['total'], columns: [new Float64Array(0)] };
    expect(labelStatistics(labels, Uint32Array.of(0)).components[0]?.sum).toHaveLength(0);
  });
});
