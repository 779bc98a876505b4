import { columnName, type Environment, fieldSize, type LabelledEpisode } from '@rewardsmith/contracts';
import { Rollout } from './rollout.ts';

/** Columns of a recorded episode are written without an index where the field, or a discrete action, is one number. */
function isScalar(environment: Environment, role: string, name: string): boolean {
  if (role === 'action') return environment.action.kind === 'discrete';
  const field = environment.observation.find((entry) => entry.name === name);
  return field === undefined || (field.shape.length === 0 && fieldSize(field) === 1);
}

/** Recorded episodes as a sealed rollout, in their order. Throws a `RangeError` when one lacks a column of the environment. */
export function recordedRollout(environment: Environment, episodes: readonly LabelledEpisode[]): Rollout {
  const lengths = episodes.map((episode) => Object.values(episode.columns)[0]?.length ?? 0);
  const steps = lengths.reduce((sum, length) => sum + length, 0);
  const rollout = Rollout.allocate(environment, { steps, episodes: episodes.length });
  const names = rollout.layout.map((reference) =>
    columnName(reference, isScalar(environment, reference.role, reference.field)),
  );
  episodes.forEach((episode, index) => {
    for (const [at, column] of rollout.columns.entries()) {
      const name = names[at] ?? '';
      const values = episode.columns[name];
      if (values === undefined) throw new RangeError(`the recorded episode ${index} has no column ${name}`);
      column.set(values, rollout.steps);
    }
    rollout.steps += lengths[index] ?? 0;
    rollout.endEpisode();
  });
  return rollout.seal();
}
