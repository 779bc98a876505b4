import { SearchSettings } from '@rewardsmith/contracts';
import type { MachineCandidate, MachineState } from '../../src/machine/decide.ts';

const idle = { total: 0, open: 0 };

/** A running task between two generations, but for what is changed. */
export function state(patch: Partial<MachineState> = {}): MachineState {
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

/** A candidate of the first generation that was trained on three seeds; one without a fitness has failed. */
export function candidate(id: string, fitness: number | null, index = 0): MachineCandidate {
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

/** A candidate whose three trainings lie one apart. */
export function noisy(id: string, fitness: number, index: number): MachineCandidate {
  return { ...candidate(id, fitness, index), values: [fitness - 1, fitness, fitness + 1] };
}
