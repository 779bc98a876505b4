import type { BuiltinEnvironment } from '@rewardsmith/environments';
import type { ProposalRequest } from '../src/index.ts';

/** A new start on a built-in environment, but for what is changed. */
export function requestOn(
  { definition, success, fitness }: BuiltinEnvironment,
  changes: Partial<ProposalRequest> & Pick<ProposalRequest, 'seed'>,
): ProposalRequest {
  return {
    environment: definition,
    success,
    fitness,
    description: '',
    operator: 'initial',
    parents: [],
    generation: 0,
    index: 0,
    forms: {},
    reflection: 'none',
    flat: false,
    ...changes,
  };
}
