import type { CandidateStatus, Finding } from '@rewardsmith/contracts';
import type { TaskMove } from '@rewardsmith/store';
import { estimateFitness } from '../machine/estimate.ts';
import { type StepResult, trainingPrefix } from '../machine/steps.ts';
import { finishedRuns, type MachineStep } from '../machine/view.ts';
import { isFlag } from './judging.ts';
import { loadSteps, spendingAt } from './state.ts';

/** Search trainings of the candidate may still end. */
const mayTrain = (status: CandidateStatus): boolean => status !== 'refused' && status !== 'failed';

/** The analyzer's findings of the run whose fitness is the median: the candidate as it usually is. */
function typicalFindings(own: readonly MachineStep[]): readonly Finding[] {
  const trained = own.flatMap(({ input, result }) =>
    input.kind === 'train' && result?.kind === 'trained' ? [{ ...result, seedIndex: input.seedIndex }] : [],
  );
  // Steps have no order of their own: runs of equal fitness go by their seeds.
  const order = trained.toSorted((a, b) => a.run.fitness - b.run.fitness || a.seedIndex - b.seedIndex);
  return order[Math.floor(order.length / 2)]?.findings ?? [];
}

/** The search trainings of a candidate: at most, before its race, and how many of the first ones are short. */
export interface Course {
  readonly seeds: number;
  readonly first: number;
  readonly short: number;
}

/** The best candidate that has been trained in full, as it stands after this move. */
async function bestNow(move: TaskMove): Promise<{ bestCandidateId: string | null; bestFitness: number | null }> {
  const standings = (await move.standings()).filter(({ status }) => status === 'evaluated');
  const [best] = standings.toSorted((a, b) => (b.fitness?.mean ?? 0) - (a.fitness?.mean ?? 0));
  return { bestCandidateId: best?.id ?? null, bestFitness: best?.fitness?.mean ?? null };
}

/**
 * Gives a candidate its fitness when the trainings that it was given have ended: `screened` after those before its race, `evaluated`
 * after more, by the whole trainings alone. It may be trained on more seeds later, and have another fitness then.
 */
export async function settleCandidate(
  move: TaskMove,
  candidateId: string,
  { seeds, first, short }: Course,
  now: Date,
): Promise<void> {
  const own = await loadSteps(move, trainingPrefix('search', candidateId));
  const runs = finishedRuns(own, 'search', candidateId);
  const row = await move.candidate(candidateId);
  if (row === undefined || !mayTrain(row.status) || runs.length < own.length) return;
  const { task } = move;
  const status = runs.length > first || first === seeds ? 'evaluated' : 'screened';
  const from = status === 'evaluated' ? short : 0;
  const fitness = estimateFitness(runs.slice(from));
  await move.updateCandidate(candidateId, {
    status,
    fitness,
    runs: [...runs],
    findings: [
      ...row.findings.filter(isFlag),
      ...typicalFindings(own.filter(({ input }) => input.kind === 'train' && input.seedIndex >= from)),
    ],
  });
  await move.updateTask({
    evaluated: task.evaluated + (row.status === 'accepted' ? 1 : 0),
    ...(await bestNow(move)),
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
  if (row === undefined || !mayTrain(row.status)) return;
  await move.updateCandidate(candidateId, { status: 'failed', failure: fault, fitness: null });
  await move.updateTask({
    failed: move.task.failed + 1,
    evaluated: move.task.evaluated - (row.status === 'accepted' ? 0 : 1),
    ...(await bestNow(move)),
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
