import {
  boundAt,
  columnName,
  type Environment,
  type Finding,
  fieldSize,
  type LabelledEpisode,
} from '@rewardsmith/contracts';
import { type FailureMode, lengthOf, range } from './analysis.ts';
import { limits } from './limits.ts';

/** The scalar fields of an environment with the name of their column after the step and their bounds. */
function scalars(environment: Environment) {
  return environment.observation.flatMap((field) => {
    if (field.shape.length > 0 || field.unit === 'boolean') return [];
    const column = columnName({ role: 'next', field: field.name, index: 0 }, true);
    return [{ name: field.name, column, low: boundAt(field.low, 0), high: boundAt(field.high, 0) }];
  });
}

/** The columns of everything that can move: every entry of every field that is neither true nor false. */
function movable(environment: Environment): readonly string[] {
  return environment.observation.flatMap((field) =>
    field.unit === 'boolean' || field.unit === 'flag'
      ? []
      : Array.from({ length: fieldSize(field) }, (_, index) =>
          columnName({ role: 'next', field: field.name, index }, field.shape.length === 0),
        ),
  );
}

function failures(episodes: readonly LabelledEpisode[]) {
  return episodes.flatMap((episode, index) =>
    episode.succeeded || lengthOf(episode) < limits.steps ? [] : [{ episode, index, steps: lengthOf(episode) }],
  );
}

/** Unsuccessful episodes in which all that moved stands still over the last half. */
export const stuck: FailureMode = ({ environment, episodes }) => {
  const columns = movable(environment);
  const held = failures(episodes).filter(({ episode, steps }) => {
    const moving = columns.filter((column) => range(episode.columns[column] ?? []) > 0);
    if (moving.length === 0) return columns.length > 0;
    return moving.every((column) => {
      const values = episode.columns[column] ?? [];
      return range(values.slice(Math.floor(steps / 2))) < limits.stillShare * range(values);
    });
  });
  if (held.length === 0) return [];
  return [
    {
      code: 'stuck',
      severity: 'warning',
      message: `${held.length} of ${episodes.length} sampled episodes stood still over their last half without success.`,
      advice: 'Pay for change towards the goal; a reward for the present level makes standing still as good as moving.',
      evidence: held.map(({ index, steps, episode }) => ({
        episode: index,
        fromStep: Math.floor(steps / 2),
        toStep: steps - 1,
        values: { fitness: episode.fitness },
      })),
    },
  ];
};

/** Unsuccessful episodes that stay for a good part, up to their end, with a scalar field at one of its bounds. */
export const drifted: FailureMode = ({ environment, episodes }) =>
  scalars(environment).flatMap(({ name, column, low, high }): readonly Finding[] => {
    if (low === null || high === null) return [];
    const nearBound = limits.stillShare * (high - low);
    const gone = failures(episodes).flatMap(({ episode, index, steps }) => {
      const values = episode.columns[column] ?? [];
      const from = values.findLastIndex((value) => value > low + nearBound && value < high - nearBound) + 1;
      // A sensor that says how far something is, or counts, touches its bounds in passing.
      const stays = steps - from >= limits.driftedShare * steps;
      return from > 0 && stays ? [{ index, from, steps, last: values[steps - 1] ?? 0 }] : [];
    });
    if (gone.length === 0) return [];
    return [
      {
        code: 'drifted',
        severity: 'warning',
        message: `${gone.length} of ${episodes.length} sampled episodes drifted to a bound of ${name} and stayed there without success.`,
        advice: `Cost the distance of ${name} from where the task wants it.`,
        evidence: gone.map(({ index, from, steps, last }) => ({
          episode: index,
          fromStep: from,
          toStep: steps - 1,
          values: { [name]: last },
        })),
      },
    ];
  });

/** A continuous action that stands at a bound nearly all the time. */
export const saturatedAction: FailureMode = ({ environment, episodes }) => {
  const { action } = environment;
  if (action.kind !== 'continuous') return [];
  return Array.from({ length: action.shape[0] }, (_, index) => index).flatMap((index): readonly Finding[] => {
    const [low, high] = [boundAt(action.low, index), boundAt(action.high, index)];
    if (low === null || high === null) return [];
    const close = 0.01 * (high - low);
    const full = failures(episodes).flatMap(({ episode, index: at, steps }) => {
      const values = episode.columns[columnName({ role: 'action', field: '', index }, false)] ?? [];
      const share = values.filter((v) => v <= low + close || v >= high - close).length / Math.max(1, values.length);
      return share > limits.saturatedShare ? [{ at, steps, share }] : [];
    });
    if (full.length === 0) return [];
    return [
      {
        code: 'saturated-action',
        severity: 'warning',
        message: `Action ${action.names?.[index] ?? index} stands at a bound in more than ${limits.saturatedShare * 100}% of the steps of ${full.length} unsuccessful episodes.`,
        advice: 'Cost the effort, or reduce the components that only grow with force.',
        evidence: full.map(({ at, steps, share }) => ({
          episode: at,
          fromStep: 0,
          toStep: steps - 1,
          values: { share },
        })),
      },
    ];
  });
};
