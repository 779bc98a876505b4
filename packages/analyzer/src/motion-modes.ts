import { boundAt, columnName, type Environment, type LabelledEpisode } from '@rewardsmith/contracts';
import { type FailureMode, lengthOf, range } from './analysis.ts';
import { limits } from './limits.ts';

/** Entries of fields that have both bounds, with the name of their column after the step. */
function boundedEntries(environment: Environment) {
  return environment.observation.flatMap((field) => {
    if (field.unit === 'boolean' || field.unit === 'flag') return [];
    const size = field.shape.length === 0 ? 1 : field.shape[0];
    return Array.from({ length: size }, (_, index) => {
      const column = columnName({ role: 'next', field: field.name, index }, field.shape.length === 0);
      const [low, high] = [boundAt(field.low, index), boundAt(field.high, index)];
      return low === null || high === null || high <= low ? undefined : { column, width: high - low };
    }).filter((entry) => entry !== undefined);
  });
}

function unsuccessful(episodes: readonly LabelledEpisode[]) {
  return episodes.flatMap((episode, index) =>
    episode.succeeded || lengthOf(episode) < limits.steps ? [] : [{ episode, index, steps: lengthOf(episode) }],
  );
}

/** Unsuccessful episodes in which hardly anything moved from beginning to end. */
export const idle: FailureMode = ({ environment, episodes }) => {
  const entries = boundedEntries(environment);
  if (entries.length === 0) return [];
  const found = unsuccessful(episodes).filter(({ episode }) =>
    entries.every(({ column, width }) => range(episode.columns[column] ?? []) < limits.idleShare * width),
  );
  if (found.length === 0) return [];
  return [
    {
      code: 'idle',
      severity: 'warning',
      message: `In ${found.length} of ${episodes.length} sampled episodes no field moved by more than ${100 * limits.idleShare}% of its bounds.`,
      advice: 'Resting pays as much as trying, or effort costs more than progress earns: pay progress, lower the cost.',
      evidence: found.map(({ index, steps, episode }) => ({
        episode: index,
        fromStep: 0,
        toStep: steps - 1,
        values: { fitness: episode.fitness },
      })),
    },
  ];
};

/** How often an action turns round: the share of steps on which its change has the other sign and spans enough. */
function turns(values: readonly number[], width: number): number {
  let count = 0;
  for (let step = 2; step < values.length; step += 1) {
    const before = (values[step - 1] ?? 0) - (values[step - 2] ?? 0);
    const now = (values[step] ?? 0) - (values[step - 1] ?? 0);
    if (before * now < 0 && Math.min(Math.abs(before), Math.abs(now)) >= limits.turn * width) count += 1;
  }
  return count / Math.max(1, values.length - 2);
}

/** Unsuccessful episodes whose action goes back and forth on nearly every step. */
export const oscillating: FailureMode = ({ environment, episodes }) => {
  const { action } = environment;
  const entries =
    action.kind === 'discrete'
      ? [{ column: 'action', label: 'the action', width: 1 }]
      : Array.from({ length: action.shape[0] }, (_, index) => ({
          column: columnName({ role: 'action', field: '', index }, false),
          label: `action ${action.names?.[index] ?? index}`,
          width: (boundAt(action.high, index) ?? 1) - (boundAt(action.low, index) ?? -1),
        }));
  return entries.flatMap(({ column, label, width }) => {
    const found = unsuccessful(episodes).flatMap(({ episode, index, steps }) => {
      const share = turns(episode.columns[column] ?? [], width);
      return share > limits.oscillating ? [{ index, steps, share }] : [];
    });
    if (found.length === 0) return [];
    return [
      {
        code: 'oscillating',
        severity: 'warning' as const,
        message: `In ${found.length} of ${episodes.length} sampled episodes ${label} turned round on most steps without success.`,
        advice:
          'A term can be collected by going back and forth: pay signed changes, or cost the change of the action.',
        evidence: found.map(({ index, steps, share }) => ({
          episode: index,
          fromStep: 0,
          toStep: steps - 1,
          values: { shareOfStepsTurned: share },
        })),
      },
    ];
  });
};
