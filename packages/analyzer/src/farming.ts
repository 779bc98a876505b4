import { boundAt, columnName, type Environment, fieldSize, type LabelledEpisode } from '@rewardsmith/contracts';
import { lengthOf, range } from './analysis.ts';
import { limits } from './limits.ts';

/** A failing episode, and the steps in which a component of a hacked reward is collected. */
export interface Farm {
  readonly environment: Environment;
  readonly episode: LabelledEpisode;
  readonly from: number;
  readonly to: number;
  /** How clearly the success condition is met after each step, where it has such a measure. */
  readonly margins: readonly number[] | undefined;
  /** What the component pays over failing episodes, on average. */
  readonly pay: number;
  /** Mean length of the episodes of the policy that does not fail. */
  readonly rivalLength: number;
}

interface Entry {
  readonly values: readonly number[];
  readonly low: number | null;
  readonly high: number | null;
}

/** The entries of every field that is neither true nor false, after each step of the stretch. */
function fields({ environment, episode, from, to }: Farm): readonly Entry[] {
  return environment.observation.flatMap((field): readonly Entry[] =>
    field.unit === 'boolean' || field.unit === 'flag'
      ? []
      : Array.from({ length: fieldSize(field) }, (_, index) => {
          const column = columnName({ role: 'next', field: field.name, index }, field.shape.length === 0);
          return {
            values: (episode.columns[column] ?? []).slice(from, to + 1),
            low: boundAt(field.low, index),
            high: boundAt(field.high, index),
          };
        }),
  );
}

function actions({ environment, episode, from, to }: Farm): readonly Entry[] {
  const { action } = environment;
  if (action.kind === 'discrete') return [];
  return Array.from({ length: action.shape[0] }, (_, index) => ({
    values: (episode.columns[columnName({ role: 'action', field: '', index }, false)] ?? []).slice(from, to + 1),
    low: boundAt(action.low, index),
    high: boundAt(action.high, index),
  }));
}

/** The episode ends long before its rival's, and the component only costs: what was gained is the end. */
function endsEarly({ episode, pay, rivalLength }: Farm): boolean {
  return pay <= 0 && episode.terminated && lengthOf(episode) < limits.earlyShare * rivalLength;
}

/** The episode lasts as long as it may, the rival's end before. */
function drawnOut({ environment, episode, pay, rivalLength }: Farm): boolean {
  const longest = limits.drawnOutShare * environment.maxEpisodeSteps;
  return pay > 0 && !episode.terminated && lengthOf(episode) >= longest && rivalLength < longest;
}

/** Nothing moves by more than a little of its bounds, or of 1 where it has none. */
function idles(farm: Farm): boolean {
  if (farm.to - farm.from < limits.steps) return false;
  return fields(farm).every(({ values, low, high }) => {
    const width = low === null || high === null || high <= low ? 1 : high - low;
    return range(values) < 2 * limits.idleShare * width;
  });
}

/** Near the goal on most steps, and never at it. */
function hovers({ margins, from, to, episode }: Farm): boolean {
  const [start = 0] = margins ?? [];
  const own = (margins ?? []).slice(from, to + 1);
  if (own.length === 0 || episode.succeeded || start >= 0) return false;
  return own.filter((margin) => margin < 0 && margin > limits.hovering * start).length > own.length / 2;
}

/** How often a series turns round, counting turns that span a part of its range. */
function turnings(values: readonly number[]): number {
  const wide = limits.turningShare * range(values);
  if (wide === 0) return 0;
  let [count, extreme, direction] = [0, values[0] ?? 0, 0];
  for (const value of values) {
    if (direction >= 0 && value < extreme - wide) {
      if (direction > 0) count += 1;
      [direction, extreme] = [-1, value];
    } else if (direction <= 0 && value > extreme + wide) {
      if (direction < 0) count += 1;
      [direction, extreme] = [1, value];
    } else if (direction >= 0 ? value > extreme : value < extreme) extreme = value;
  }
  return count;
}

/** A field that spans a good part of its bounds turns round again and again. */
function oscillates(farm: Farm): boolean {
  return fields(farm).some(({ values, low, high }) => {
    const wide = low === null || high === null || range(values) >= limits.turningShare * (high - low);
    return wide && turnings(values) >= limits.turnings;
  });
}

/** A field that has come to a bound and stays there, or an action that stands at one. Numbers that count have no such bounds. */
function standsAtABound(farm: Farm): boolean {
  const start = { ...farm, from: 0, to: 0 };
  const begun = fields(start);
  const moved = fields(farm).filter((entry, index) => {
    const [first = 0] = begun[index]?.values ?? [];
    return entry.values.some((value) => !Number.isInteger(value)) && nearBound(entry)(first) === 0;
  });
  return [...moved, ...actions(farm)].some((entry) => {
    if (entry.values.length < limits.steps) return false;
    const sides = entry.values.map(nearBound(entry));
    const most = Math.max(sides.filter((side) => side > 0).length, sides.filter((side) => side < 0).length);
    return most > limits.atBoundShare * sides.length;
  });
}

/** 1 near the upper bound, -1 near the lower, 0 between them. */
function nearBound({ low, high }: Entry): (value: number) => number {
  if (low === null || high === null || high <= low) return () => 0;
  const close = limits.idleShare * (high - low);
  return (value) => Number(value >= high - close) - Number(value <= low + close);
}

/** What a failing episode is seen to do while it is paid. */
export const farmPatterns = { endsEarly, drawnOut, idles, hovers, oscillates, standsAtABound } as const;
