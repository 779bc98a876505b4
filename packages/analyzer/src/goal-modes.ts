import type { Finding } from '@rewardsmith/contracts';
import type { AnalysisInput, FailureMode } from './analysis.ts';
import { limits } from './limits.ts';

interface Approach {
  readonly index: number;
  readonly margins: readonly number[];
  /** Step of the largest margin. */
  readonly nearest: number;
  /** The part of the shortfall at the start that was made up at the nearest step, and at the end; negative when it grew. */
  readonly madeUp: number;
  readonly kept: number;
}

/** How each episode that did not meet the condition came nearer to it, or did not. */
function approaches({ episodes, margins }: AnalysisInput): readonly Approach[] {
  return episodes.flatMap((episode, index): readonly Approach[] => {
    const own = margins?.[index] ?? [];
    const [start = 0, last = 0] = [own[0], own.at(-1)];
    if (episode.succeeded || own.length < 2 || start >= 0) return [];
    const nearest = own.reduce((best, value, step) => (value > (own[best] ?? value) ? step : best), 0);
    const shortfall = -start;
    return [
      {
        index,
        margins: own,
        nearest,
        madeUp: ((own[nearest] ?? start) - start) / shortfall,
        kept: (last - start) / shortfall,
      },
    ];
  });
}

const percent = (share: number) => `${(100 * share).toFixed(0)}%`;

/** Unsuccessful episodes that came no nearer to the success condition than they were at the start. */
export const neverApproached: FailureMode = (input) => {
  const all = approaches(input);
  const found = all.filter(({ madeUp }) => madeUp < limits.neverApproached);
  if (found.length === 0 || found.length < all.length / 2) return [];
  const best = Math.max(...found.map(({ madeUp }) => madeUp));
  return [
    {
      code: 'never-approached',
      severity: 'warning',
      message: `${found.length} of ${input.episodes.length} sampled episodes made up at most ${percent(best)} of the way to the success condition.`,
      advice: 'Nothing led there: pay the decrease of what is missing to the condition, from the first step on.',
      evidence: found.map(({ index, margins, nearest }) => ({
        episode: index,
        fromStep: 0,
        toStep: margins.length - 1,
        values: { marginAtStart: margins[0] ?? 0, largestMargin: margins[nearest] ?? 0 },
      })),
    },
  ];
};

/** Unsuccessful episodes that came near the success condition and went away from it again. */
export const approachedAndLost: FailureMode = (input) => {
  const found = approaches(input).filter(
    ({ madeUp, kept }) => madeUp >= limits.approached && kept <= madeUp - limits.approached,
  );
  if (found.length === 0) return [];
  return [
    {
      code: 'approached-and-lost',
      severity: 'warning',
      message: `${found.length} of ${input.episodes.length} sampled episodes made up ${percent(Math.max(...found.map(({ madeUp }) => madeUp)))} of the way to the success condition and lost it again.`,
      advice: 'Near the goal something else paid more: pay for holding it, or for the last part of the way.',
      evidence: found.map(({ index, margins, nearest }) => ({
        episode: index,
        fromStep: nearest,
        toStep: margins.length - 1,
        values: { largestMargin: margins[nearest] ?? 0, marginAtEnd: margins.at(-1) ?? 0 },
      })),
    },
  ];
};

/** Episodes that met the success condition and were outside it for most of what followed. */
export const reachedAndLost: FailureMode = ({ episodes, margins }) => {
  const found = episodes.flatMap((episode, index) => {
    const own = margins?.[index] ?? [];
    const reached = own.findIndex((value) => value > 0);
    const after = own.slice(reached);
    const held = after.filter((value) => value > 0).length / Math.max(1, after.length);
    return episode.succeeded && reached >= 0 && after.length > limits.steps && held < limits.approached
      ? [{ index, reached, last: own.length - 1, held }]
      : [];
  });
  if (found.length === 0) return [];
  return [
    {
      code: 'reached-and-lost',
      severity: 'warning',
      message: `${found.length} of ${episodes.length} sampled episodes met the success condition and were outside it for most of the steps that followed.`,
      advice: 'Pay for staying within the condition, and cost the motion that leaves it.',
      evidence: found.map(({ index, reached, last, held }): NonNullable<Finding['evidence']>[number] => ({
        episode: index,
        fromStep: reached,
        toStep: last,
        values: { shareOfStepsHeld: held },
      })),
    },
  ];
};
