import { analyze } from '@rewardsmith/analyzer';
import type { Outcome } from '@rewardsmith/contracts';
import type { BuiltinEnvironment } from '@rewardsmith/environments';
import type { Sandbox } from '@rewardsmith/sandbox';
import type { StepRow, Store, TaskMove, TaskRow } from '@rewardsmith/store';
import type { TrainingResult } from '@rewardsmith/training';
import { type StepInput, type StepResult, type Subject, subjectName } from '../machine/steps.ts';
import { InfrastructureFailure, throwWhenStarved } from './failure.ts';
import { episodesKey, keepEpisodes, marginsOf } from './recording.ts';
import { failCandidate, settleCandidate } from './settle.ts';
import { countTraining, type TrainingCost } from './spending.ts';
import { spendingAt, taskCap } from './state.ts';
import { firstSeeds, seedsFor, shortRuns, trainRequest } from './training.ts';

export interface TrainContext {
  readonly store: Store;
  readonly sandbox: Sandbox;
  readonly environment: BuiltinEnvironment;
  readonly now: () => Date;
  readonly signal: AbortSignal;
}

type TrainInput = Extract<StepInput, { kind: 'train' }>;
const nothing: TrainingCost = { environmentSteps: 0, evaluationSteps: 0, seconds: 0 };

type Trained = Exclude<Outcome<TrainingResult>, { kind: 'infrastructure' }>;

/** The reward text of a subject, or nothing when its candidate has failed meanwhile. */
async function rewardOf(subject: Subject, task: TaskRow, context: TrainContext): Promise<string | undefined> {
  switch (subject.kind) {
    case 'sparse':
      return context.environment.sparseReward;
    case 'human':
      return context.environment.humanReward;
    case 'candidate': {
      const row = await context.store.readCandidate(task.tenant, subject.candidateId);
      return row === undefined || row.status === 'failed' ? undefined : row.source;
    }
  }
}

function fault(outcome: Exclude<Trained, { kind: 'ok' }>): { kind: string; message: string } {
  return outcome.kind === 'rejected'
    ? { kind: outcome.kind, message: outcome.findings.map((finding) => finding.message).join(' ') }
    : { kind: outcome.kind, message: outcome.message };
}

/** Writes the end of a training step; false when another attempt has written it already. */
async function record(
  move: TaskMove,
  step: StepRow,
  input: TrainInput,
  result: StepResult,
  cost: TrainingCost,
  environment: BuiltinEnvironment,
  now: Date,
): Promise<boolean> {
  if (!(await move.finishStep(step.id, step.attempt, 'done', result))) return false;
  if (result.kind !== 'skipped') await countTraining(move, input, environment, cost, 1);
  await move.updateTask({
    wallClockSeconds: spendingAt(move.task, now).wallClockSeconds,
    updatedAt: now,
  });
  if (input.purpose !== 'search') {
    const place = { purpose: input.purpose, subject: subjectName(input.subject), seed: input.seedIndex };
    const spending = spendingAt(move.task, now);
    if (result.kind === 'trained') {
      await move.appendEvents([{ type: 'final.measured', ...place, fitness: result.run.fitness, spending }]);
    } else if (result.kind === 'faulted') {
      const reason = `${result.fault.kind}: ${result.fault.message}`;
      await move.appendEvents([{ type: 'final.failed', ...place, reason, spending }]);
    }
  }
  if (input.purpose === 'search' && input.subject.kind === 'candidate') {
    const { candidateId } = input.subject;
    const seeds = seedsFor('search', move.task.submission, environment);
    if (result.kind === 'faulted') await failCandidate(move, candidateId, result.fault, now);
    const short = shortRuns(move.task.submission, environment);
    const first = firstSeeds(move.task.submission, environment);
    if (result.kind === 'trained') await settleCandidate(move, candidateId, { seeds, first, short }, now);
  }
  return true;
}

/** Trains one policy on one reward in the sandbox and writes what came of it in one fenced transaction. */
export async function runTrain(step: StepRow, task: TaskRow, input: TrainInput, context: TrainContext): Promise<void> {
  const { store, sandbox, environment } = context;
  const finish = (result: StepResult, cost: TrainingCost) =>
    store.transact(task.id, (move) => record(move, step, input, result, cost, environment, context.now()));
  const reward = await rewardOf(input.subject, task, context);
  if (reward === undefined) {
    await finish({ kind: 'skipped' }, nothing);
    return;
  }
  if (input.purpose === 'search' && taskCap(task, context.now()) === 'budget-wall-clock') {
    await finish({ kind: 'skipped' }, nothing);
    return;
  }
  let reached = 0;
  const from = context.now().getTime();
  const elapsed = (): TrainingCost => ({
    ...nothing,
    environmentSteps: reached,
    seconds: Math.max(0, (context.now().getTime() - from) / 1000),
  });
  let outcome: Outcome<TrainingResult>;
  try {
    outcome = await sandbox.train(
      trainRequest(task.tenant, task.submission, environment, reward, input.purpose, input.seedIndex),
      { signal: context.signal, onProgress: ({ environmentSteps }) => (reached = environmentSteps) },
    );
    if (outcome.kind === 'infrastructure') throw new InfrastructureFailure(outcome.message);
    throwWhenStarved(outcome);
  } catch (error) {
    // What it took has been taken, although nothing came of it.
    if (reached > 0) await store.transact(task.id, (move) => countTraining(move, input, environment, elapsed(), 0));
    throw error;
  }
  if (outcome.kind !== 'ok') {
    await finish({ kind: 'faulted', fault: fault(outcome) }, elapsed());
    return;
  }
  const { run, episodes } = outcome.value;
  const { definition } = environment;
  const published = episodes.filter((episode) => episode.dynamics === undefined);
  const margins = await marginsOf(published, task.tenant, environment, environment.success, sandbox);
  const findings = analyze({
    environment: definition,
    runs: [run],
    episodes: published,
    ownFitness: task.submission.fitness !== undefined,
    ...(margins === undefined ? {} : { margins }),
  });
  await keepEpisodes(store, episodesKey(task.id, step.id), episodes);
  const { environmentSteps, evaluationSteps = 0, seconds } = run;
  await finish({ kind: 'trained', run, findings: [...findings] }, { environmentSteps, evaluationSteps, seconds });
}
