export { type Arm, type ArmStanding, chooseArm, chooseArms, type Pull, standings } from './bandit.ts';
export { gainOf } from './gain.ts';
export type { Member } from './member.ts';
export { planGeneration, type Slot } from './plan.ts';
export { type Contender, pooledDeviation, type RaceSettings, race } from './race.ts';
export { type Random, seededRandom } from './random.ts';
export { elites, matingPool, tournament } from './selection.ts';
export { capReached, type SearchState } from './stopping.ts';
