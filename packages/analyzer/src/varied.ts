import type { Finding, LabelledEpisode } from '@rewardsmith/contracts';
import { lengthOf, sumOf } from './analysis.ts';
import { limits } from './limits.ts';

/** A winner that loses under varied dynamics: mean fitness there, its own and of the reward that is better. */
export interface VariedLoss {
  readonly own: number;
  readonly better: number;
  /** The other reward, as a sentence names it. */
  readonly than: string;
  /** Episodes of the winner's policy: some under published dynamics, one under varied ones. */
  readonly episodes: readonly LabelledEpisode[];
}

const short = (value: number): string => String(Number(value.toPrecision(3)));

/** The component whose sum falls the most from one episode to another. */
function mostLost(from: LabelledEpisode, to: LabelledEpisode): string | undefined {
  return Object.keys(from.components)
    .filter((name) => name !== 'total')
    .map((name) => ({ name, lost: sumOf(from, name) - sumOf(to, name) }))
    .toSorted((a, b) => b.lost - a.lost)[0]?.name;
}

/** The first step by which most of the whole difference between two series has come about. */
function departure(from: readonly number[], to: readonly number[]): number {
  let [difference, total] = [0, 0];
  for (let step = 0; step < to.length; step += 1) total += (from[step] ?? 0) - (to[step] ?? 0);
  for (let step = 0; step < to.length; step += 1) {
    difference += (from[step] ?? 0) - (to[step] ?? 0);
    if (Math.abs(difference) >= (1 - limits.farmedShare) * Math.abs(total) && difference * total > 0) return step;
  }
  return Math.max(0, to.length - 1);
}

/**
 * The winner is no worse than another reward under the dynamics that policies were trained on, and worse under varied ones.
 * Names the component that loses the most from the median episode to the worst one under varied dynamics, and from which step.
 */
export function flagVariedLoss({ own, better, than, episodes }: VariedLoss): Finding {
  const published = episodes.filter(({ dynamics }) => dynamics === undefined);
  const median = published.toSorted((a, b) => a.fitness - b.fitness)[Math.floor(published.length / 2)];
  const index = episodes.findIndex(({ dynamics }) => dynamics !== undefined);
  const worst = episodes[index];
  const component = median === undefined || worst === undefined ? undefined : mostLost(median, worst);
  const where = Object.entries(worst?.dynamics ?? {}).map(([name, value]) => `${name} ${short(value)}`);
  return {
    code: 'loses-on-varied-dynamics',
    severity: 'error',
    message: `Under the dynamics that policies were trained on this reward is no worse than ${than}; under varied ones it is (${short(own)} against ${short(better)})${where.length === 0 ? '' : `, worst of all at ${where.join(', ')}`}.`,
    advice:
      'Pay for what holds under other masses, lengths and forces too: margins in place of exact values, states in place of timing.',
    ...(component === undefined || median === undefined || worst === undefined
      ? {}
      : {
          component,
          evidence: [
            {
              episode: index,
              fromStep: departure(median.components[component] ?? [], worst.components[component] ?? []),
              toStep: Math.max(0, lengthOf(worst) - 1),
              values: { fitness: worst.fitness, [component]: sumOf(worst, component), ...worst.dynamics },
            },
          ],
        }),
  };
}
