import { boundAt, type Environment, fieldSize } from '@rewardsmith/contracts';

/**
 * How one entry of an observation becomes an input of a policy: `(x - centre) / halfRange`, which takes declared bounds
 * to -1 and 1. An entry without both bounds has no centre; it is squashed as `x / (1 + |x|)`, which is close to x
 * for small values and stays within -1 and 1 whatever the scale.
 */
export interface InputScale {
  readonly centre: number;
  /** 0 where the entry is not bounded on both sides. */
  readonly inverseHalfRange: number;
}

/** One scale an observation entry, in the environment's order. */
export function inputScales(environment: Environment): readonly InputScale[] {
  return environment.observation.flatMap((field) =>
    Array.from({ length: fieldSize(field) }, (_, index): InputScale => {
      const low = boundAt(field.low, index);
      const high = boundAt(field.high, index);
      return low === null || high === null || high <= low
        ? { centre: 0, inverseHalfRange: 0 }
        : { centre: (low + high) / 2, inverseHalfRange: 2 / (high - low) };
    }),
  );
}
