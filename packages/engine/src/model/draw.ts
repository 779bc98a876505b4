import type { WeightedModel } from '@rewardsmith/contracts';
import { chooseWeighted, seededRandom } from '@rewardsmith/evolution';
import { deriveSeed } from '../seeds.ts';

/** Draws which of a role's models takes one call, by weight; the same seed and place draw the same. Nothing where a role has none. */
export function drawModel(
  models: readonly WeightedModel[],
  seed: number,
  role: 'critic' | 'analyzer',
  ...place: readonly number[]
): string | undefined {
  const [first, ...rest] = models.map(({ model, weight }) => [model, weight] as const);
  if (first === undefined) return undefined;
  return chooseWeighted(seededRandom(deriveSeed(seed, `${role}-model`, ...place)), [first, ...rest]);
}
