export type { Member } from './member.ts';
export { planGeneration, type Slot } from './plan.ts';
export { elites, matingPool, tournament } from './selection.ts';
export { type SearchState, stopReason } from './stopping.ts';
