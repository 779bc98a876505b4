import { SearchSettings } from '@rewardsmith/contracts';
import { describe, expect, it } from 'vitest';
import { decide, type MachineCandidate } from '../src/machine/decide.ts';
import { candidate, state } from './support/machine.ts';

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
