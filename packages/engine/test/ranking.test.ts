import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MachineCandidate, ranking } from '../src/machine/decide.ts';
import { candidate, noisy } from './support/machine.ts';

describe('ranking', () => {
  it('puts a candidate that was trained on every seed before one that was only screened', () => {
    const lucky: MachineCandidate = { ...candidate('lucky', 9), status: 'screened', values: [9] };
    expect(ranking([lucky, candidate('known', 5, 1)]).map(({ id }) => id)).toEqual(['known', 'lucky']);
  });

  it('puts a flagged candidate behind unflagged ones of comparable fitness, not behind what is clearly worse', () => {
    const flagged = { ...noisy('flagged', 5, 0), flagged: true };
    const order = ranking([flagged, noisy('close', 4, 1), noisy('far', 1, 2)]);
    expect(order.map(({ id }) => id)).toEqual(['close', 'flagged', 'far']);
  });

  it('does not depend on the order of arrival', () => {
    const fitness = fc.integer({ min: 0, max: 3 });
    fc.assert(
      fc.property(fc.array(fitness, { minLength: 1, maxLength: 8 }), fc.integer(), (values, seed) => {
        const rows = values.map((value, index) => candidate(`c${index}`, value, index));
        const shuffled = rows.toSorted((a, b) => ((a.index * 31 + seed) % 7) - ((b.index * 31 + seed) % 7));
        expect(ranking(shuffled).map((row) => row.id)).toEqual(ranking(rows).map((row) => row.id));
      }),
    );
  });
});
