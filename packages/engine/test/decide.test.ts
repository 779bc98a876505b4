import { SearchSettings } from '@rewardsmith/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confirmationTrainings } from '../src/machine/confirmation.ts';
import { decide, type MachineCandidate, type MachineState, ranking, trainingSteps } from '../src/machine/decide.ts';

const idle = { total: 0, open: 0 };

function state(patch: Partial<MachineState> = {}): MachineState {
  return {
    status: 'running',
    generation: 0,
    search: SearchSettings.parse({ generations: 2, finalists: 2, raceShare: 0.5 }),
    stopReason: null,
    capReached: undefined,
    trainingsLeft: Number.POSITIVE_INFINITY,
    screeningCost: 1,
    firstSeeds: 1,
    seeds: 3,
    candidates: [],
    propose: idle,
    searchTraining: idle,
    raced: new Set(),
    judging: idle,
    judged: new Set([-1, 0, 1]),
    confirmation: idle,
    heldOut: idle,
    confirmed: new Map(),
    overfitted: new Set(),
    ...patch,
  };
}

function candidate(id: string, fitness: number | null, index = 0): MachineCandidate {
  const values = fitness === null ? [] : [fitness, fitness, fitness];
  return {
    id,
    generation: 0,
    index,
    status: fitness === null ? 'failed' : 'evaluated',
    fitness,
    values,
    trainings: values.length,
    flagged: false,
  };
}

describe('decide', () => {
  it('proposes the next generation when the one before has ended', () => {
    expect(decide(state())).toEqual({ kind: 'propose', generation: 0 });
    expect(decide(state({ generation: 1, searchTraining: { total: 6, open: 0 } }))).toEqual({
      kind: 'propose',
      generation: 1,
    });
  });

  it('waits while any step is open', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('propose', 'searchTraining', 'confirmation', 'heldOut'),
        fc.integer({ min: 1, max: 9 }),
        (phase, open) => decide(state({ generation: 2, [phase]: { total: 9, open } })).kind === 'wait',
      ),
    );
  });

  it('stops at a cap before the last generation, with the cap as the reason', () => {
    const move = decide(
      state({ generation: 1, capReached: 'budget-environment-steps', candidates: [candidate('a', 1)] }),
    );
    expect(move).toEqual({ kind: 'measure', reason: 'budget-environment-steps', bestCandidateId: 'a' });
  });

  it('ends before its last generation where it has found enough, once the race is over', () => {
    const search = SearchSettings.parse({ generations: 9, finalists: 1, target: 3 });
    const reached = state({ generation: 1, search, candidates: [candidate('a', 3)] });
    expect(decide(reached)).toEqual({ kind: 'measure', reason: 'target', bestCandidateId: 'a' });
    const screened = { ...candidate('b', 5, 1), status: 'screened', values: [5] } as const;
    expect(decide({ ...reached, candidates: [candidate('a', 1), screened] }).kind).toBe('race');
    const raced = { ...reached, candidates: [candidate('a', 1), screened], raced: new Set([0]) };
    expect(decide(raced)).toEqual({ kind: 'propose', generation: 1 });
    const impatient = { ...raced, generation: 4, search: SearchSettings.parse({ finalists: 1, patience: 3 }) };
    expect(decide(impatient)).toMatchObject({ kind: 'measure', reason: 'patience' });
  });

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

  it('fails with a reason when no candidate was ever evaluated', () => {
    const move = decide(state({ generation: 2, candidates: [candidate('a', null)] }));
    expect(move).toMatchObject({ kind: 'fail', reason: 'no-candidate' });
  });

  it('does nothing to a task that has ended', () => {
    for (const status of ['completed', 'failed', 'cancelled'] as const) {
      expect(decide(state({ status }))).toEqual({ kind: 'wait' });
    }
  });
});

describe('the race of a generation', () => {
  it('trains rewards in full that went a way of their own before those that went the way of another', () => {
    const screened = (id: string, fitness: number, index: number, path: string): MachineCandidate => ({
      ...candidate(id, fitness, index),
      generation: 1,
      status: 'screened',
      values: [fitness],
      trainings: 1,
      path,
    });
    const known = { ...candidate('known', 5), path: 'p' };
    const next = [
      screened('same', 9, 0, 'p'),
      screened('a', 8, 1, 'q'),
      screened('b', 8, 2, 'q'),
      screened('c', 7, 3, 'r'),
    ];
    const racing = { generation: 2, candidates: [known, ...next], raced: new Set([0]) };
    expect(decide(state(racing))).toMatchObject({ kind: 'race', promoted: ['a', 'c'], heldBack: 2 });
    // They may be rewards of their own all the same: places that are left are theirs.
    const search = SearchSettings.parse({ generations: 3, raceShare: 0.75 });
    expect(decide(state({ ...racing, search }))).toMatchObject({ promoted: ['a', 'c', 'same'], heldBack: 1 });
    const flagged = next.map((each) => (each.id === 'a' ? { ...each, flagged: true } : each));
    expect(decide(state({ ...racing, candidates: [known, ...flagged] }))).toMatchObject({ promoted: ['b', 'c'] });
  });

  const screened = (id: string, fitness: number, index: number): MachineCandidate => ({
    id,
    generation: 0,
    index,
    status: 'screened',
    fitness,
    values: [fitness],
    trainings: 1,
    flagged: false,
  });
  const candidates = [screened('a', 1, 0), screened('b', 3, 1), screened('c', 2, 2)];

  it('is decided once the generation has been screened, before the next is proposed', () => {
    expect(decide(state({ generation: 1, candidates }))).toEqual({
      kind: 'race',
      generation: 0,
      promoted: ['b', 'c'],
      heldBack: 1,
    });
  });

  it('is decided once', () => {
    const [a, b, c] = candidates;
    if (!a || !b || !c) throw new Error('three are declared');
    const done = [a, { ...b, status: 'evaluated' as const }, { ...c, status: 'evaluated' as const }];
    const after = state({ generation: 1, candidates: done, raced: new Set([0]) });
    expect(decide(after)).toEqual({ kind: 'propose', generation: 1 });
  });

  it('sends on only as many as the budget of environment steps has room for', () => {
    expect(decide(state({ generation: 1, candidates, trainingsLeft: 1.5 }))).toMatchObject({
      promoted: ['b'],
      heldBack: 2,
    });
    expect(decide(state({ generation: 1, candidates, trainingsLeft: 0 }))).toMatchObject({
      kind: 'confirm',
      reason: 'budget-environment-steps',
    });
  });

  it('trains the best so far on one more of its seeds, until it has had all, where there is room for it', () => {
    const known = { ...candidate('k', 4), values: [4], trainings: 2 };
    const next = candidates.map((each) => ({ ...each, generation: 1 }));
    const racing = { generation: 2, candidates: [known, ...next], raced: new Set([0]) };
    expect(decide(state(racing))).toMatchObject({ kind: 'race', again: { candidateId: 'k', seedIndex: 2 } });
    expect(decide(state({ ...racing, trainingsLeft: 2 }))).toMatchObject({ promoted: ['b', 'c'], again: undefined });
    const whole = { ...known, values: [4, 4], trainings: 3 };
    expect(decide(state({ ...racing, candidates: [whole, ...next] }))).toMatchObject({ again: undefined });
  });

  it('is left out when a cap is reached, and the screened ones may still be finalists', () => {
    const capped = state({ generation: 1, candidates, capReached: 'budget-environment-steps' });
    expect(decide(capped)).toEqual({
      kind: 'confirm',
      reason: 'budget-environment-steps',
      candidateIds: ['b', 'c'],
      from: 0,
      to: 1,
    });
  });
});

describe('judging', () => {
  const measured = { generation: 1, candidates: [candidate('a', 1), candidate('b', 2, 1)], judged: new Set<number>() };

  it('compares a generation once it is measured, before the next is proposed and before the search ends', () => {
    expect(decide(state(measured))).toEqual({ kind: 'judge', generation: 0 });
    expect(decide(state({ ...measured, capReached: 'budget-candidates' }))).toEqual({ kind: 'judge', generation: 0 });
    expect(decide(state({ ...measured, judged: new Set([0]) }))).toEqual({ kind: 'propose', generation: 1 });
    expect(decide(state({ ...measured, judging: { total: 1, open: 1 } }))).toEqual({ kind: 'wait' });
  });

  it('has nothing to compare where nothing was measured', () => {
    const none = { ...measured, candidates: [candidate('a', null)] };
    expect(decide(state(none))).toEqual({ kind: 'propose', generation: 1 });
  });

  it('looks at the winner once more before the task is complete', () => {
    const closing = state({
      ...measured,
      stopReason: 'generations',
      status: 'finishing',
      heldOut: { total: 15, open: 0 },
    });
    expect(decide(closing)).toEqual({ kind: 'judge', generation: null });
    expect(decide({ ...closing, judged: new Set([-1]) })).toEqual({ kind: 'complete', bestCandidateId: 'b' });
  });
});

describe('a flagged candidate', () => {
  const noisy = (id: string, fitness: number, index: number): MachineCandidate => ({
    ...candidate(id, fitness, index),
    values: [fitness - 1, fitness, fitness + 1],
  });

  it('goes behind unflagged ones of comparable fitness, not behind what is clearly worse', () => {
    const flagged = { ...noisy('flagged', 5, 0), flagged: true };
    const order = ranking([flagged, noisy('close', 4, 1), noisy('far', 1, 2)]);
    expect(order.map(({ id }) => id)).toEqual(['close', 'flagged', 'far']);
  });

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
});

describe('the choice between finalists that were promoted once', () => {
  it('lowers a flagged one by the noise that the confirmation has shown', () => {
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

describe('ranking', () => {
  it('puts a candidate that was trained on every seed before one that was only screened', () => {
    const lucky: MachineCandidate = { ...candidate('lucky', 9), status: 'screened', values: [9] };
    expect(ranking([lucky, candidate('known', 5, 1)]).map(({ id }) => id)).toEqual(['known', 'lucky']);
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

describe('trainingSteps', () => {
  it('gives every subject every seed once', () => {
    const steps = trainingSteps('held-out', [{ kind: 'sparse' }, { kind: 'human' }], 3);
    expect(new Set(steps.map((step) => JSON.stringify(step))).size).toBe(6);
  });
});
