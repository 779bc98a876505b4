import { describe, expect, it } from 'vitest';
import { enough, generationsWithoutGain, lastStart } from '../src/index.ts';
import { member } from './members.ts';

const rising = [0, 3, 3, 1].map((fitness, generation) => member(`m${generation}`, { generation, fitness }));

describe('progress', () => {
  it('counts generations since the best last rose', () => {
    expect([1, 2, 3, 4].map((generation) => generationsWithoutGain(rising, generation))).toEqual([0, 0, 1, 2]);
    expect(generationsWithoutGain([], 3)).toBe(3);
  });

  it('knows the generation that the search last started anew in', () => {
    expect([2, 3, 4].map((generation) => lastStart(rising, 2, generation))).toEqual([0, 0, 4]);
    expect(lastStart(rising, undefined, 4)).toBe(0);
  });

  it('has found enough at its target or at the end of its patience', () => {
    expect(enough(rising, 2, { target: 3 })).toBe('target');
    expect(enough(rising, 2, { target: 3.1 })).toBeUndefined();
    expect(enough(rising, 4, { patience: 2 })).toBe('patience');
    expect(enough(rising, 4, { patience: 3 })).toBeUndefined();
    expect(enough(rising, 4, {})).toBeUndefined();
  });
});
