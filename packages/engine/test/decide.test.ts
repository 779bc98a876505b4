import { SearchSettings } from '@rewardsmith/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, type MachineCandidate, type MachineState, ranking, trainingSteps } from '../src/machine/decide.ts';

const idle = { total: 0, open: 0 };

function state(patch: Partial<MachineState> = {}): MachineState {
  return {
    status: 'running',
    generation: 0,
    search: SearchSettings.parse({ generations: 2, finalists: 2 }),
    stopReason: null,
    capReached: undefined,
    trainingsLeft: Number.POSITIVE_INFINITY,
    firstSeeds: 1,
    seeds: 3,
    candidates: [],
    propose: idle,
    searchTraining: idle,
    raced: new Set(),
    confirmation: idle,
    heldOut: idle,
    confirmed: new Map(),
    ...patch,
  };
}

function candidate(id: string, fitness: number | null, index = 0): MachineCandidate {
  const values = fitness === null ? [] : [fitness, fitness, fitness];
  return { id, generation: 0, index, status: fitness === null ? 'failed' : 'evaluated', fitness, values };
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

  it('trains the finalists again before it chooses between them', () => {
    const candidates = [candidate('a', 1, 0), candidate('b', 3, 1), candidate('c', 2, 2)];
    expect(decide(state({ generation: 2, candidates }))).toEqual({
      kind: 'confirm',
      reason: 'generations',
      candidateIds: ['b', 'c'],
    });
  });

  it('measures the finalist that was confirmed best, not the luckiest of the search', () => {
    const candidates = [candidate('b', 3, 1), candidate('c', 2, 2)];
    const confirmed = new Map([
      ['b', 1],
      ['c', 2],
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

  it('leaves out a finalist whose confirmation failed, and fails when none is left', () => {
    const candidates = [candidate('b', 3, 1), candidate('c', 2, 2)];
    const closing = {
      generation: 2,
      candidates,
      stopReason: 'generations',
      status: 'finishing',
      confirmation: { total: 4, open: 0 },
    } as const;
    expect(decide(state({ ...closing, confirmed: new Map([['c', -7]]) }))).toMatchObject({ bestCandidateId: 'c' });
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
  const screened = (id: string, fitness: number, index: number): MachineCandidate => ({
    id,
    generation: 0,
    index,
    status: 'screened',
    fitness,
    values: [fitness],
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
    expect(decide(state({ generation: 1, candidates, trainingsLeft: 3 }))).toMatchObject({
      promoted: ['b'],
      heldBack: 2,
    });
    expect(decide(state({ generation: 1, candidates, trainingsLeft: 0 }))).toMatchObject({
      kind: 'confirm',
      reason: 'budget-environment-steps',
    });
  });

  it('is left out when a cap is reached, and the screened ones may still be finalists', () => {
    const capped = state({ generation: 1, candidates, capReached: 'budget-environment-steps' });
    expect(decide(capped)).toEqual({
      kind: 'confirm',
      reason: 'budget-environment-steps',
      candidateIds: ['b', 'c'],
    });
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
