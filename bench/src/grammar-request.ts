import type { Operator } from '@rewardsmith/contracts';
import type { Parent, ProposalRequest } from '@rewardsmith/designer';
import type { BuiltinEnvironment } from '@rewardsmith/environments';

/** What the grammar designer is asked for outside a search: nothing learned, nothing reflected on, the seed alone decides. */
export function grammarRequest(
  environment: BuiltinEnvironment,
  operator: Operator,
  parents: readonly Parent[],
  seed: number,
): ProposalRequest {
  const { definition, success, fitness } = environment;
  return {
    environment: definition,
    success,
    fitness,
    description: definition.description,
    operator,
    parents,
    // Neighbouring seeds of the generator give like first draws.
    seed: Math.imul(seed + 1, 2_654_435_761) >>> 1,
    generation: 0,
    index: 0,
    forms: {},
    reflection: 'none',
    flat: false,
  };
}
