import type { Finding } from '@rewardsmith/contracts';
import type { TaskMove } from '@rewardsmith/store';
import { estimateFitness } from '../machine/estimate.ts';
import { type StepInput, type StepResult, subjectName } from '../machine/steps.ts';
import { finishedRuns, type MachineStep } from '../machine/view.ts';
import { loadSteps, spendingAt } from './state.ts';

function isSearchOf(input: StepInput, candidateId: string): boolean {
  return input.kind === 'train' && input.purpose === 'search' && subjectName(input.subject) === candidateId;
}

/** The analyzer's findings of the run whose fitness is the median: the candidate as it usually is. */
function typicalFindings(own: readonly MachineStep[]): readonly Finding[] {
  const trained = own
    .flatMap(({ result }) => (result?.kind === 'trained' ? [result] : []))
    .toSorted((a, b) => a.run.fitness - b.run.fitness);
  return trained[Math.floor(trained.length / 2)]?.findings ?? [];
}

/** Gives a candidate its fitness when its last search training has ended. */
export async function settleCandidate(move: TaskMove, candidateId: string, now: Date): Promise<void> {
  const own = (await loadSteps(move)).filter((step) => isSearchOf(step.input, candidateId));
  const runs = finishedRuns(own, 'search', candidateId);
  const row = (await move.candidates()).find((candidate) => candidate.id === candidateId);
  if (row?.status !== 'accepted' || runs.length < own.length) return;
  const { task } = move;
  const fitness = estimateFitness(runs);
  await move.updateCandidate(candidateId, {
    status: 'evaluated',
    fitness,
    runs: [...runs],
    findings: [...typicalFindings(own)],
  });
  const better = task.bestFitness === null || fitness.mean > task.bestFitness;
  await move.updateTask({
    evaluated: task.evaluated + 1,
    ...(better ? { bestCandidateId: candidateId, bestFitness: fitness.mean } : {}),
  });
  await move.appendEvents([
    {
      type: 'candidate.evaluated',
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
  const row = (await move.candidates()).find((candidate) => candidate.id === candidateId);
  if (row?.status !== 'accepted') return;
  await move.updateCandidate(candidateId, { status: 'failed', failure: fault });
  await move.updateTask({ failed: move.task.failed + 1 });
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
