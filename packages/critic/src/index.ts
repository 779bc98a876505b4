export { judge } from './judge.ts';
export { smokeRollout } from './smoke-rollout.ts';
