import type { Finding, StopReason } from '@rewardsmith/contracts';
import type { BuiltinEnvironment } from '@rewardsmith/environments';
import type { TaskMove } from '@rewardsmith/store';
import { decide, trainingSteps } from '../machine/decide.ts';
import { type Closing, finalMeasurement } from '../machine/estimate.ts';
import { type StepInput, type Subject, stepKey, subjectName } from '../machine/steps.ts';
import { confirmations, finishedRuns, type MachineStep } from '../machine/view.ts';
import { loadState, spendingAt } from './state.ts';
import { firstSeeds, seedsFor, shortRuns } from './training.ts';

const asSubject = (candidateId: string): Subject => ({ kind: 'candidate', candidateId });

async function addSteps(move: TaskMove, inputs: readonly StepInput[]): Promise<readonly string[]> {
  return move.insertSteps(inputs.map((input) => ({ key: stepKey(input), kind: input.kind, input })));
}

export async function failTask(move: TaskMove, reason: StopReason, failure: string, now: Date): Promise<void> {
  await move.cancelSteps();
  const { wallClockSeconds } = spendingAt(move.task, now);
  await move.updateTask({
    status: 'failed',
    stopReason: reason,
    failure,
    wallClockSeconds,
    finishedAt: now,
    updatedAt: now,
  });
  await move.appendEvents([{ type: 'task.failed', stopReason: reason, failure }]);
}

async function complete(
  move: TaskMove,
  steps: readonly MachineStep[],
  best: string,
  environment: BuiltinEnvironment,
  now: Date,
): Promise<void> {
  const [bestRuns, sparseRuns, humanRuns] = [best, 'sparse', 'human'].map((subject) =>
    finishedRuns(steps, 'held-out', subject),
  );
  const lost = steps.flatMap(({ input, result }) =>
    input.kind === 'train' && input.purpose === 'held-out' && result?.kind === 'faulted'
      ? [{ subject: subjectName(input.subject), seed: input.seedIndex, ...result.fault }]
      : [],
  );
  const [first] = lost;
  if (first !== undefined || !bestRuns?.length || !sparseRuns?.length || !humanRuns?.length) {
    const whose = first === undefined || first.subject === best ? 'the best reward' : `the ${first.subject} reward`;
    const why = first === undefined ? 'has no training run' : `was lost at seed ${first.seed}: ${first.message}`;
    const reason = first?.subject === best ? 'no-candidate' : 'infrastructure';
    return failTask(move, reason, `The closing comparison of ${whose} ${why}`, now);
  }
  const others = await otherFinalists(move, steps, best, environment);
  const final = finalMeasurement(bestRuns, sparseRuns, humanRuns, others, closingFlags(steps));
  const spending = spendingAt(move.task, now);
  await move.updateTask({
    status: 'completed',
    ...(await bestOf(move, best)),
    final,
    wallClockSeconds: spending.wallClockSeconds,
    finishedAt: now,
    updatedAt: now,
  });
  await move.appendEvents([
    {
      type: 'task.completed',
      bestCandidateId: best,
      stopReason: move.task.stopReason ?? 'generations',
      final,
      spending,
    },
  ]);
}

/** The finalists that were not chosen, with all of their whole trainings: those of the search, and of their confirmation. */
async function otherFinalists(
  move: TaskMove,
  steps: readonly MachineStep[],
  best: string,
  environment: BuiltinEnvironment,
): Promise<readonly Closing[]> {
  const short = shortRuns(move.task.submission, environment);
  const others = confirmations(steps).filter(({ subject }) => subject !== best);
  return Promise.all(
    others.map(async ({ subject, runs }) => {
      const row = await move.candidate(subject);
      return { subject, runs: [...(row?.status === 'evaluated' ? row.runs.slice(short) : []), ...runs] };
    }),
  );
}

/** What the closing judgement has found against the best reward. */
function closingFlags(steps: readonly MachineStep[]): readonly Finding[] {
  return steps.flatMap(({ result }) => (result?.kind === 'judged' ? result.flags : []));
}

/** The best candidate with the fitness that the search gave it: the two go together. */
async function bestOf(move: TaskMove, bestCandidateId: string) {
  const row = await move.candidate(bestCandidateId);
  return { bestCandidateId, bestFitness: row?.fitness?.mean ?? null };
}

/** Ends the search and begins the closing trainings of one phase. */
async function beginClosing(
  move: TaskMove,
  reason: StopReason,
  bestCandidateId: string | undefined,
  inputs: readonly StepInput[],
  now: Date,
): Promise<readonly string[]> {
  await move.updateTask({
    status: 'finishing',
    stopReason: reason,
    wallClockSeconds: spendingAt(move.task, now).wallClockSeconds,
    updatedAt: now,
    ...(bestCandidateId === undefined ? {} : await bestOf(move, bestCandidateId)),
  });
  await move.appendEvents([{ type: 'final.started', trainings: inputs.length }]);
  return addSteps(move, inputs);
}

/**
 * Makes the next move of a task inside its transaction and returns the steps that may now be claimed.
 * Asked again without news, it does nothing.
 */
export async function advance(move: TaskMove, environment: BuiltinEnvironment, now: Date): Promise<readonly string[]> {
  const { state, steps } = await loadState(move, environment, now);
  const next = decide(state);
  const { submission } = move.task;
  switch (next.kind) {
    case 'wait':
      return [];
    case 'propose': {
      if (move.task.status === 'queued') {
        await move.updateTask({ status: 'running', updatedAt: now });
        await move.appendEvents([{ type: 'task.started' }]);
      }
      return addSteps(move, [{ kind: 'propose', generation: next.generation }]);
    }
    case 'judge':
      return addSteps(move, [{ kind: 'judge', generation: next.generation }]);
    case 'race': {
      const { generation, promoted, heldBack, again } = next;
      const repeated = again === undefined ? {} : { again: again.candidateId };
      await move.appendEvents([{ type: 'race.decided', generation, promoted: [...promoted], heldBack, ...repeated }]);
      const first = firstSeeds(submission, environment);
      return addSteps(move, [
        ...trainingSteps('search', promoted.map(asSubject), first + 1, first),
        ...(again === undefined
          ? []
          : trainingSteps('search', [asSubject(again.candidateId)], again.seedIndex + 1, again.seedIndex)),
      ]);
    }
    case 'confirm': {
      const inputs = trainingSteps('confirmation', next.candidateIds.map(asSubject), next.to, next.from);
      return beginClosing(move, next.reason, undefined, inputs, now);
    }
    case 'measure': {
      const subjects = [asSubject(next.bestCandidateId), { kind: 'sparse' } as const, { kind: 'human' } as const];
      const inputs = trainingSteps('held-out', subjects, seedsFor('held-out', submission, environment));
      return beginClosing(move, next.reason, next.bestCandidateId, inputs, now);
    }
    case 'complete':
      await complete(move, steps, next.bestCandidateId, environment, now);
      return [];
    case 'fail':
      await failTask(move, next.reason, next.failure, now);
      return [];
  }
}
