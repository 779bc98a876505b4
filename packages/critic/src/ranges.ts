import { boundAt, type ColumnReference, type Environment } from '@rewardsmith/contracts';
import { limits } from './limits.ts';

/** What a column may hold. */
export interface Range {
  readonly low: number;
  readonly high: number;
  /** Only whole numbers occur. */
  readonly whole: boolean;
}

const binaryUnits: ReadonlySet<string> = new Set(['boolean', 'flag']);

/** The declared range of a column of the observation or the action; a bound that is not declared has a stand-in. */
export function rangeOf(environment: Environment, { role, field, index }: ColumnReference): Range {
  if (role === 'action') {
    const { action } = environment;
    return action.kind === 'discrete'
      ? { low: 0, high: action.n - 1, whole: true }
      : { low: boundAt(action.low, index) ?? -1, high: boundAt(action.high, index) ?? 1, whole: false };
  }
  const declared = environment.observation.find(({ name }) => name === field);
  if (declared === undefined) return { low: 0, high: 1, whole: true };
  const low = boundAt(declared.low, index) ?? -limits.unbounded;
  const high = boundAt(declared.high, index) ?? limits.unbounded;
  return { low, high, whole: binaryUnits.has(declared.unit) };
}
