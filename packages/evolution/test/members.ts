import type { Member } from '../src/index.ts';

/** A member that stands out by what a test says of it. */
export function member(id: string, given: Partial<Member> = {}): Member {
  const fitness = given.fitness ?? 0;
  return {
    id,
    generation: 0,
    index: 0,
    operator: 'initial',
    parents: [],
    fitness,
    values: [fitness],
    whole: true,
    behaviour: [0, 1],
    ...given,
  };
}
