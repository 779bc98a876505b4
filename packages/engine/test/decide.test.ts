import { SearchSettings } from '@rewardsmith/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, trainingSteps } from '../src/machine/decide.ts';
import { candidate, state } from './support/machine.ts';

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

describe('trainingSteps', () => {
  it('gives every subject every seed once', () => {
    const steps = trainingSteps('held-out', [{ kind: 'sparse' }, { kind: 'human' }], 3);
    expect(new Set(steps.map((step) => JSON.stringify(step))).size).toBe(6);
  });
});
