import type { Finding } from '@rewardsmith/contracts';
import { type Labels, labelColumn, type Rollout } from '@rewardsmith/rollouts';
import { limits } from './limits.ts';

/** Recorded episodes whose outcomes are known. */
export interface Recording {
  readonly rollout: Rollout;
  /** One entry an episode; none where success is not what the task is about. */
  readonly succeeded: readonly boolean[];
  /** One entry an episode. */
  readonly fitness: readonly number[];
  /** The success condition at every row, more than 0 where it holds. */
  readonly success: Float64Array;
}

interface EpisodeReturn {
  readonly episode: number;
  readonly length: number;
  readonly return: number;
  readonly succeeded: boolean;
}

function returns(total: Float64Array, { rollout, succeeded }: Recording): readonly EpisodeReturn[] {
  return Array.from({ length: rollout.episodes }, (_, episode) => {
    const [from, to] = rollout.span(episode);
    const sum = total.subarray(from, to).reduce((all, value) => all + value, 0);
    return { episode, length: to - from, return: sum, succeeded: succeeded[episode] ?? false };
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Pearson's correlation; 0 when either side does not vary. */
function correlation(xs: readonly number[], ys: readonly number[]): number {
  const [centreX, centreY] = [mean(xs), mean(ys)];
  const product = (as: readonly number[], a: number, bs: readonly number[], b: number) =>
    as.reduce((sum, value, index) => sum + (value - a) * ((bs[index] ?? 0) - b), 0);
  const spread = Math.sqrt(product(xs, centreX, xs, centreX) * product(ys, centreY, ys, centreY));
  return spread === 0 ? 0 : product(xs, centreX, ys, centreY) / spread;
}

function at({ episode, length, return: sum }: EpisodeReturn) {
  return { episode, fromStep: 0, toStep: Math.max(0, length - 1), values: { return: sum, length } };
}

const short = (value: number) => String(Number(value.toPrecision(3)));

function largerOnFailure(episodes: readonly EpisodeReturn[]): readonly Finding[] {
  const won = episodes.filter(({ succeeded }) => succeeded);
  const lost = episodes.filter(({ succeeded }) => !succeeded);
  if (won.length < limits.outcomes || lost.length < limits.outcomes) return [];
  const perStep = (episode: EpisodeReturn) => episode.return / Math.max(1, episode.length);
  const [good, bad] = [mean(won.map((entry) => entry.return)), mean(lost.map((entry) => entry.return))];
  // A longer episode may earn more in sum and be no better paid: both must point the same way.
  if (bad <= good || mean(lost.map(perStep)) <= mean(won.map(perStep))) return [];
  const best = lost.toSorted((a, b) => b.return - a.return).slice(0, 2);
  return [
    {
      code: 'larger-on-failure',
      severity: 'warning',
      message: `Recorded episodes that failed earn more (${short(bad)} on average) than those that succeeded (${short(good)}).`,
      advice: 'Check the signs; let the outcome pay more than what failing episodes collect on the way.',
      evidence: [...best, ...won.slice(0, 1)].map(at),
    },
  ];
}

function neverPositive(total: Float64Array, { rollout, success }: Recording): readonly Finding[] {
  const rows = Array.from({ length: rollout.steps }, (_, row) => row).filter((row) => (success[row] ?? 0) > 0);
  if (rows.length < limits.successRows) return [];
  const whole = total.subarray(0, rollout.steps);
  const most = rows.reduce((largest, row) => Math.max(largest, whole[row] ?? 0), Number.NEGATIVE_INFINITY);
  const elsewhere = whole.reduce((largest, value) => Math.max(largest, value), Number.NEGATIVE_INFINITY);
  if (most > 0 || elsewhere <= most) return [];
  return [
    {
      code: 'never-positive-on-success',
      severity: 'warning',
      message: `On the ${rows.length} recorded steps that meet the success condition the reward is at most ${short(most)}; elsewhere it reaches ${short(elsewhere)}.`,
      advice: 'Pay for meeting the condition, more than for any state that does not.',
    },
  ];
}

function flooded(episodes: readonly EpisodeReturn[]): readonly Finding[] {
  const lengths = episodes.map(({ length }) => length);
  const sums = episodes.map((entry) => entry.return);
  const lost = episodes.filter(({ succeeded }) => !succeeded);
  const varies = Math.max(...lengths) >= 2 * Math.min(...lengths);
  if (episodes.length < 2 * limits.outcomes || !varies || lost.length < limits.outcomes) return [];
  const linked = correlation(lengths, sums);
  if (linked < limits.flooding || lost.some((entry) => entry.return <= 0)) return [];
  return [
    {
      code: 'grows-with-length',
      severity: 'warning',
      message: `The return of recorded episodes grows with their length alone (correlation ${linked.toFixed(3)}), failed ones included.`,
      advice: 'Pay for change or for the outcome instead of for every step, unless surviving is the task.',
      evidence: lost
        .toSorted((a, b) => b.return - a.return)
        .slice(0, 2)
        .map(at),
    },
  ];
}

/** Judges a program by its labels over recorded episodes: whether it would rank what people call success first. */
export function judgeOutcomes(labels: Labels, recording: Recording): readonly Finding[] {
  const total = labelColumn(labels, 'total');
  const episodes = returns(total, recording);
  if (recording.succeeded.length === 0 || episodes.some((episode) => !Number.isFinite(episode.return))) return [];
  return [...largerOnFailure(episodes), ...neverPositive(total, recording), ...flooded(episodes)];
}
