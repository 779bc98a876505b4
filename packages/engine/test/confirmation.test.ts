import { SearchSettings } from '@rewardsmith/contracts';
import { describe, expect, it } from 'vitest';
import { confirmationTrainings } from '../src/machine/confirmation.ts';
import { decide } from '../src/machine/decide.ts';
import { candidate, noisy, state } from './support/machine.ts';

describe('the confirmation of the finalists', () => {
  it('trains the finalists again before it chooses between them', () => {
    const candidates = [candidate('a', 1, 0), candidate('b', 3, 1), candidate('c', 2, 2)];
    expect(decide(state({ generation: 2, candidates }))).toEqual({
      kind: 'confirm',
      reason: 'generations',
      candidateIds: ['b', 'c'],
      from: 0,
      to: 1,
    });
  });

  it('leaves half of the finalists after every round, and trains those on more seeds', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const candidates = names.map((name, index) => candidate(name, 10 - index, index));
    const closing = {
      generation: 2,
      candidates,
      search: SearchSettings.parse({ generations: 2, finalists: 6 }),
      stopReason: 'generations',
      status: 'finishing',
      confirmation: { total: 6, open: 0 },
    } as const;
    const once = names.map((name, index): [string, number[]] => [name, [index === 3 ? 20 : 5]]);
    // Over all: a 8.75, b 8, c 7.25, d 10.25, e 5.75, f 5.
    expect(decide(state({ ...closing, confirmed: new Map(once) }))).toEqual({
      kind: 'confirm',
      reason: 'generations',
      candidateIds: ['d', 'a', 'b'],
      from: 1,
      to: 3,
    });
    const again = once.map(([name, values]): [string, number[]] =>
      ['d', 'a', 'b'].includes(name) ? [name, [...values, name === 'd' ? -9 : 9, 9]] : [name, values],
    );
    const second = state({ ...closing, confirmed: new Map(again) });
    expect(decide(second)).toMatchObject({ kind: 'confirm', candidateIds: ['a', 'b'], from: 3, to: 5 });
    const last = again.map(([name, values]): [string, number[]] =>
      name === 'a' || name === 'b' ? [name, [...values, name === 'a' ? 0 : 9, 9]] : [name, values],
    );
    expect(decide(state({ ...closing, confirmed: new Map(last) }))).toMatchObject({
      kind: 'measure',
      bestCandidateId: 'b',
    });
    expect(confirmationTrainings(6)).toBe(6 + 2 * 3 + 2 * 2);
    expect(confirmationTrainings(2)).toBe(10);
    expect(confirmationTrainings(1)).toBe(0);
  });

  it('measures the finalist that was confirmed best, not the luckiest of the search', () => {
    const candidates = [candidate('b', 3, 1), candidate('c', 2, 2)];
    // Means over all whole trainings: 1.1 and 2.6.
    const confirmed = new Map([
      ['b', [0, 0, 0, 0, 0]],
      ['c', [3, 3, 3, 3, 3]],
    ]);
    const closing = { generation: 2, candidates, confirmed, stopReason: 'generations', status: 'finishing' } as const;
    expect(decide(state({ ...closing, confirmation: { total: 4, open: 0 } }))).toEqual({
      kind: 'measure',
      reason: 'generations',
      bestCandidateId: 'c',
    });
    expect(decide(state({ ...closing, confirmation: { total: 4, open: 0 }, heldOut: { total: 15, open: 0 } }))).toEqual(
      { kind: 'complete', bestCandidateId: 'c' },
    );
  });

  it('goes by every whole training of a finalist, and by none of a short one', () => {
    const closing = {
      generation: 2,
      candidates: [candidate('b', 3, 1), candidate('c', 2, 2)],
      stopReason: 'generations',
      status: 'finishing',
      confirmation: { total: 4, open: 0 },
    } as const;
    // The confirmations alone would choose c; with the three of the search b has 2.7 and c 2.4.
    const confirmed = new Map([
      ['b', [2.5, 2.5, 2.5, 2.5, 2.5]],
      ['c', [2.6, 2.6, 2.6, 2.6, 2.6]],
    ]);
    expect(decide(state({ ...closing, confirmed }))).toMatchObject({ bestCandidateId: 'b' });
    const short = { ...candidate('s', 9, 0), status: 'screened', values: [9] } as const;
    expect(
      decide(
        state({
          ...closing,
          candidates: [...closing.candidates, short],
          confirmed: confirmed.set('s', [2, 2, 2, 2, 2]),
        }),
      ),
    ).toMatchObject({ bestCandidateId: 'b' });
  });

  it('leaves out a finalist whose confirmation failed, and fails when none is left', () => {
    const candidates = [candidate('b', 3, 1), candidate('c', 2, 2)];
    const closing = {
      generation: 2,
      candidates,
      stopReason: 'generations',
      status: 'finishing',
      confirmation: { total: 4, open: 0 },
    } as const;
    expect(decide(state({ ...closing, confirmed: new Map([['c', [-7, -7, -7, -7, -7]]]) }))).toMatchObject({
      bestCandidateId: 'c',
    });
    expect(decide(state(closing))).toMatchObject({ kind: 'fail', reason: 'no-candidate' });
  });
});

describe('a flagged finalist', () => {
  it('does not win the confirmation by luck, nor does one that loses on varied dynamics', () => {
    const candidates = [noisy('a', 5, 0), noisy('b', 4.5, 1)];
    const closing = {
      generation: 2,
      candidates,
      confirmed: new Map([
        ['a', [5, 5, 5, 5, 5]],
        ['b', [4.5, 4.5, 4.5, 4.5, 4.5]],
      ]),
      stopReason: 'generations',
      status: 'finishing',
      confirmation: { total: 4, open: 0 },
    } as const;
    expect(decide(state(closing))).toMatchObject({ bestCandidateId: 'a' });
    expect(decide(state({ ...closing, overfitted: new Set(['a']) }))).toMatchObject({ bestCandidateId: 'b' });
    const [a, b] = candidates;
    if (!a || !b) throw new Error('two are declared');
    expect(decide(state({ ...closing, candidates: [{ ...a, flagged: true }, b] }))).toMatchObject({
      bestCandidateId: 'b',
    });
  });

  it('that was promoted once is lowered by the noise that the confirmation has shown', () => {
    const once = (id: string, fitness: number, index: number, flagged: boolean) => ({
      ...candidate(id, fitness, index),
      values: [fitness],
      trainings: 2,
      flagged,
    });
    const closing = {
      generation: 2,
      candidates: [once('hacked', 5, 0, true), once('honest', 4.9, 1, false)],
      stopReason: 'generations',
      status: 'finishing',
      confirmation: { total: 10, open: 0 },
      confirmed: new Map([
        ['hacked', [5, 4.8, 5.2, 5, 5]],
        ['honest', [4.9, 4.7, 5.1, 4.9, 4.9]],
      ]),
    } as const;
    expect(decide(state(closing))).toMatchObject({ kind: 'measure', bestCandidateId: 'honest' });
  });
});
