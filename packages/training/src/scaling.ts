import { boundAt, fieldSize } from '@rewardsmith/contracts';
import type { BuiltinEnvironment } from '@rewardsmith/environments';

/**
 * How one entry of an observation becomes an input of a policy: `(x - centre) / halfRange`, which takes declared bounds
 * to -1 and 1. An entry without both bounds has no centre; it is squashed as `x / (1 + |x|)`, which is close to x
 * for small values and stays within -1 and 1 whatever the scale.
 */
export interface PolicyInput {
  /** Place of the entry in the observation. */
  readonly entry: number;
  readonly centre: number;
  /** 0 where the entry is not bounded on both sides. */
  readonly inverseHalfRange: number;
}

/** The inputs of an environment's policies: every entry of the fields that they see, in the environment's order. */
export function policyInputs({ definition, policyFields }: BuiltinEnvironment): readonly PolicyInput[] {
  return definition.observation
    .flatMap((field) => Array.from({ length: fieldSize(field) }, (_, index) => ({ field, index })))
    .flatMap(({ field, index }, entry): PolicyInput[] => {
      if (policyFields !== undefined && !policyFields.includes(field.name)) return [];
      const low = boundAt(field.low, index);
      const high = boundAt(field.high, index);
      return low === null || high === null || high <= low
        ? [{ entry, centre: 0, inverseHalfRange: 0 }]
        : [{ entry, centre: (low + high) / 2, inverseHalfRange: 2 / (high - low) }];
    });
}
