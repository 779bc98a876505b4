export { behaviourText } from './behaviour.ts';
export { type Agreement, agreementOf, gate } from './gate.ts';
export { judge } from './judge.ts';
export { judgeOutcomes, type Recording } from './outcomes.ts';
export { adaptReview, Review, reviewFindings, reviewInputs, reviewKinds } from './review.ts';
export { smokeRollout } from './smoke-rollout.ts';
export { judgePairs, pairsRollout } from './success-pairs.ts';
export { type Margins, type SuccessPair, searchSuccess } from './success-search.ts';
