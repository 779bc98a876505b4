import type { Caps, ModelTerms } from '@rewardsmith/contracts';
import type { Amount } from './amount.ts';

/** Which cap a reservation would pass. */
export type CapName = 'call-tokens' | 'call-money' | 'task-tokens' | 'task-money' | 'tenant-tokens' | 'tenant-money';

/** What is spent and reserved already; a reservation that is not settled yet counts in full. */
export interface Standing {
  readonly task: Amount;
  readonly tenant: Amount;
}

/** The first cap that `ask` would pass, or nothing when it may be reserved. `held` is what the same call holds already. */
export function capPassed(
  caps: ModelTerms['caps'],
  standing: Standing,
  ask: Amount,
  held: Amount = { tokens: 0, money: 0 },
): CapName | undefined {
  const levels = [
    ['call', caps.call, held],
    ['task', caps.task, standing.task],
    ['tenant', caps.tenant, standing.tenant],
  ] as const;
  for (const [level, cap, before] of levels) {
    for (const unit of ['tokens', 'money'] as const) {
      const limit = cap[unit];
      if (limit !== undefined && before[unit] + ask[unit] > limit) return `${level}-${unit}`;
    }
  }
  return undefined;
}

/** The stricter of two caps, unit by unit: what a task asks for holds within what the operator allows. */
export function strictest(a: Caps, b: Caps): Caps {
  const least = (x: number | undefined, y: number | undefined) =>
    x === undefined ? y : y === undefined ? x : Math.min(x, y);
  return { tokens: least(a.tokens, b.tokens), money: least(a.money, b.money) };
}

/**
 * How many calls of a usual size caps allow; nothing when no cap limits them. A call is made as long as its worst case still fits, so
 * the last ones leave room unused; where not even the first fits, there are none.
 */
export function forecastCalls(
  caps: ModelTerms['caps'],
  standing: Standing,
  usual: Amount,
  worst: Amount,
): number | undefined {
  const counts = (['tokens', 'money'] as const).flatMap((unit) => {
    const perCall = caps.call[unit];
    const barred = perCall !== undefined && worst[unit] > perCall ? [0] : [];
    const within = (['task', 'tenant'] as const).flatMap((level) => {
      const limit = caps[level][unit];
      if (limit === undefined || usual[unit] === 0) return [];
      const room = limit - standing[level][unit] - worst[unit];
      return [room < 0 ? 0 : 1 + Math.floor(room / usual[unit])];
    });
    return [...barred, ...within];
  });
  return counts.length === 0 ? undefined : Math.min(...counts);
}
