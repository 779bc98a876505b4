import type { CandidateStatus, Finding } from '@rewardsmith/contracts';
import type { TaskMove } from '@rewardsmith/store';
import { estimateFitness } from '../machine/estimate.ts';
import { type StepResult, trainingPrefix } from '../machine/steps.ts';
import { finishedRuns, type MachineStep } from '../machine/view.ts';
import { loadSteps, spendingAt } from './state.ts';

/** Search trainings of the candidate may still end: none has yet, or those of its first seed have. */
const isTraining = (status: CandidateStatus): boolean => status === 'accepted' || status === 'screened';

/** The analyzer's findings of the run whose fitness is the median: the candidate as it usually is. */
function typicalFindings(own: readonly MachineStep[]): readonly Finding[] {
  const trained = own.flatMap(({ input, result }) =>
    input.kind === 'train' && result?.kind === 'trained' ? [{ ...result, seedIndex: input.seedIndex }] : [],
  );
  // Steps have no order of their own: runs of equal fitness go by their seeds.
  const order = trained.toSorted((a, b) => a.run.fitness - b.run.fitness || a.seedIndex - b.seedIndex);
  return order[Math.floor(order.length / 2)]?.findings ?? [];
}

/** How many search trainings a candidate has in all, and how many of them, the first ones, are short. */
export interface Course {
  readonly seeds: number;
  readonly short: number;
}

/**
 * Gives a candidate its fitness when its last search training has ended: `screened` after its first seeds, `evaluated`
 * after all of them, by the whole trainings alone.
 */
export async function settleCandidate(
  move: TaskMove,
  candidateId: string,
  { seeds, short }: Course,
  now: Date,
): Promise<void> {
  const own = await loadSteps(move, trainingPrefix('search', candidateId));
  const runs = finishedRuns(own, 'search', candidateId);
  const row = await move.candidate(candidateId);
  if (row === undefined || !isTraining(row.status) || runs.length < own.length) return;
  const { task } = move;
  const status = runs.length < seeds ? 'screened' : 'evaluated';
  const from = status === 'evaluated' ? short : 0;
  const fitness = estimateFitness(runs.slice(from));
  await move.updateCandidate(candidateId, {
    status,
    fitness,
    runs: [...runs],
    findings: [...typicalFindings(own.filter(({ input }) => input.kind === 'train' && input.seedIndex >= from))],
  });
  const better = status === 'evaluated' && (task.bestFitness === null || fitness.mean > task.bestFitness);
  await move.updateTask({
    evaluated: task.evaluated + (row.status === 'accepted' ? 1 : 0),
    ...(better ? { bestCandidateId: candidateId, bestFitness: fitness.mean } : {}),
  });
  await move.appendEvents([
    {
      type: `candidate.${status}`,
      candidateId,
      generation: row.generation,
      fitness,
      spending: spendingAt(move.task, now),
    },
  ]);
}

/** A candidate whose reward is at fault has a reason and no score; its other trainings are not begun. */
export async function failCandidate(
  move: TaskMove,
  candidateId: string,
  fault: Extract<StepResult, { kind: 'faulted' }>['fault'],
  now: Date,
): Promise<void> {
  const row = await move.candidate(candidateId);
  if (row === undefined || !isTraining(row.status)) return;
  await move.updateCandidate(candidateId, { status: 'failed', failure: fault, fitness: null });
  await move.updateTask({
    failed: move.task.failed + 1,
    evaluated: move.task.evaluated - (row.status === 'screened' ? 1 : 0),
  });
  await move.appendEvents([
    {
      type: 'candidate.failed',
      candidateId,
      generation: row.generation,
      reason: `${fault.kind}: ${fault.message}`,
      spending: spendingAt(move.task, now),
    },
  ]);
}
