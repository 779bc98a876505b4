import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Contender, pooledDeviation, race } from '../src/index.ts';

const settings = { share: 0.5, deviations: 1 };

function contender(id: string, values: readonly number[], index = 0, generation = 0): Contender {
  return { id, generation, index, values };
}

describe('race', () => {
  it('sends the better half on while nothing is known of the noise', () => {
    const contenders = [3, 1, 4, 2].map((value, index) => contender(`c${index}`, [value], index));
    expect(race(contenders, [], settings)).toEqual(['c2', 'c0']);
  });

  it('holds back a contender whose upper bound is below the lower bound of the incumbent', () => {
    const incumbent = contender('best', [10, 11, 9]);
    const contenders = [contender('near', [9.2], 0, 1), contender('close', [8.8], 1, 1), contender('far', [2], 2, 1)];
    const wide = { share: 1, deviations: 1 };
    expect(race(contenders, [incumbent], wide)).toEqual(['near', 'close']);
  });

  it('lets a noisier training excuse a lower first value', () => {
    const quiet = contender('best', [10, 10.1, 9.9]);
    const noisy = contender('best', [10, 18, 2]);
    const contenders = [contender('first', [9.95], 0, 1), contender('second', [5], 1, 1)];
    const wide = { share: 1, deviations: 1 };
    expect(race(contenders, [quiet], wide)).toEqual(['first']);
    expect(race(contenders, [noisy], wide)).toEqual(['first', 'second']);
  });

  it('holds a short training against what the same one showed of the incumbent, not against whole ones', () => {
    const incumbent = { ...contender('best', [100, 104]), screened: 10 };
    const contenders = [contender('led', [14], 0, 1), contender('near', [9], 1, 1), contender('far', [2], 2, 1)];
    expect(race(contenders, [incumbent], { share: 1, deviations: 1 })).toEqual(['led', 'near']);
  });

  it('gives copies the places that are left', () => {
    const contenders = [{ ...contender('twin', [9]), copy: true }, contender('own', [8], 1), contender('last', [7], 2)];
    expect(race(contenders, [], { share: 2 / 3, deviations: 1 })).toEqual(['own', 'last']);
    expect(race(contenders, [], { share: 1, deviations: 1 })).toEqual(['own', 'last', 'twin']);
  });

  it('always sends the best on, never more than its share, and does not depend on the order of arrival', () => {
    const values = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 1, maxLength: 12 });
    const rivals = fc.array(fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 1, maxLength: 3 }), {
      maxLength: 5,
    });
    fc.assert(
      fc.property(values, rivals, (first, earlier) => {
        const contenders = first.map((value, index) => contender(`c${index}`, [value], index, 1));
        const measured = earlier.map((each, index) => contender(`m${index}`, each, index));
        const promoted = race(contenders, measured, settings);
        expect(promoted.length).toBeGreaterThanOrEqual(1);
        expect(promoted.length).toBeLessThanOrEqual(Math.ceil(first.length / 2));
        const best = Math.max(...first);
        expect(first[Number(promoted[0]?.slice(1))]).toBe(best);
        expect(race(contenders.toReversed(), measured.toReversed(), settings)).toEqual(promoted);
      }),
    );
  });

  it('sends nobody on where nobody runs', () => {
    expect(race([], [contender('best', [1, 2])], settings)).toEqual([]);
  });
});

describe('pooledDeviation', () => {
  it('pools the spread within candidates, not the spread between them', () => {
    expect(pooledDeviation([contender('a', [1, 3]), contender('b', [101, 103])])).toBeCloseTo(Math.SQRT2, 12);
    expect(pooledDeviation([contender('a', [1]), contender('b', [5])])).toBeUndefined();
  });
});
