import type { FitnessEstimate } from '@rewardsmith/contracts';
import type { Member } from '@rewardsmith/evolution';
import type { CandidateRow } from '@rewardsmith/store';

/** Mean episode length of the trainings that the fitness is of: the last ones, once the short training that came first no longer counts. */
function meanLength({ runs }: CandidateRow, { values }: FitnessEstimate): number {
  const counted = runs.slice(-values.length);
  return counted.reduce((sum, run) => sum + run.episodeLength, 0) / counted.length;
}

/** A candidate as the search sees it; nothing while it has no fitness, or no longer has. */
export function asMember(row: CandidateRow, maxEpisodeSteps: number): readonly Member[] {
  const { status, fitness } = row;
  if ((status !== 'evaluated' && status !== 'screened') || fitness === null) return [];
  return [
    {
      id: row.id,
      generation: row.generation,
      index: row.index,
      fitness: fitness.mean,
      values: fitness.values,
      whole: status === 'evaluated',
      behaviour: [fitness.successRate, meanLength(row, fitness) / maxEpisodeSteps],
      parents: row.parents,
      operator: row.operator,
    },
  ];
}
