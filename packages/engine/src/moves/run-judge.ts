import { isDeepStrictEqual } from 'node:util';
import { flagVariedLoss, typicalRun } from '@rewardsmith/analyzer';
import type { Finding, TrainingRun } from '@rewardsmith/contracts';
import type { BuiltinEnvironment } from '@rewardsmith/environments';
import type { Sandbox } from '@rewardsmith/sandbox';
import type { CandidateRow, StepRow, Store, TaskRow } from '@rewardsmith/store';
import { limits } from '../limits.ts';
import { ranking } from '../machine/decide.ts';
import { losesOnVaried, type Shaken } from '../machine/flags.ts';
import { mean } from '../machine/mean.ts';
import { type Purpose, subjectName } from '../machine/steps.ts';
import { confirmations, finishedRuns, type MachineStep } from '../machine/view.ts';
import { type Behaviour, isFlag, judgeBeside } from './judging.ts';
import { episodesKey, readEpisodes } from './recording.ts';
import { loadSteps, machineCandidate, spendingAt } from './state.ts';

export interface JudgeContext {
  readonly store: Store;
  readonly sandbox: Sandbox;
  readonly environment: BuiltinEnvironment;
  readonly now: () => Date;
}

/** The run of the greatest fitness: of another reward it shows what can be done. */
function bestRun(runs: readonly TrainingRun[]): TrainingRun | undefined {
  return runs.toSorted((a, b) => b.fitness - a.fitness)[0];
}

/** What one run of a subject's trainings of one phase does; nothing when none has ended well. */
function behaviourIn(
  steps: readonly MachineStep[],
  purpose: Purpose,
  subject: string,
  choose: (runs: readonly TrainingRun[]) => TrainingRun | undefined,
  { task, store }: { task: TaskRow; store: Store },
): Behaviour | undefined {
  const run = choose(finishedRuns(steps, purpose, subject));
  const step = steps.find(
    ({ input, result }) =>
      input.kind === 'train' &&
      input.purpose === purpose &&
      subjectName(input.subject) === subject &&
      result?.kind === 'trained' &&
      result.run === run,
  );
  if (run === undefined || step === undefined) return undefined;
  return { run, episodes: () => readEpisodes(store, episodesKey(task.id, step.id)) };
}

/** The best candidates of these by what they were measured at, whom the others are judged beside. */
function rivalsAmong(rows: readonly CandidateRow[]): readonly string[] {
  return ranking(rows.map(machineCandidate))
    .toSorted((a, b) => b.fitness - a.fitness)
    .slice(0, limits.rivals)
    .map(({ id }) => id);
}

/** Whether a candidate of an earlier generation has been trained since the generation before this one was judged. */
function trainedSince(steps: readonly MachineStep[], rows: readonly CandidateRow[], generation: number): boolean {
  const earlier = new Set(rows.filter((row) => row.generation < generation).map(({ id }) => id));
  // Steps have identifiers in the order in which they were made.
  const since = steps.find(({ input }) => input.kind === 'judge' && input.generation === generation - 1)?.id ?? '';
  return steps.some(({ id, input }) => id > since && input.kind === 'train' && earlier.has(subjectName(input.subject)));
}

/** Reads once what is asked for often. */
function once<T>(read: () => Promise<T>): () => Promise<T> {
  let found: Promise<T> | undefined;
  return () => {
    found ??= read();
    return found;
  };
}

/** Judges every measured candidate beside the best ones so far, and writes what was found into its findings. */
async function judgeGeneration(
  step: StepRow,
  task: TaskRow,
  generation: number,
  steps: readonly MachineStep[],
  context: JudgeContext,
): Promise<void> {
  const { store } = context;
  const rows = await store.taskCandidates(task.id);
  const at = { task, store };
  const best = rivalsAmong(rows);
  const rivals = best.flatMap((id) => {
    const behaviour = behaviourIn(steps, 'search', id, bestRun, at);
    return behaviour === undefined ? [] : [{ id, behaviour: { ...behaviour, episodes: once(behaviour.episodes) } }];
  });
  // Beside the same rivals an earlier candidate would be judged as it was, unless one was trained again since.
  const same =
    !trainedSince(steps, rows, generation) &&
    isDeepStrictEqual(best, rivalsAmong(rows.filter((row) => row.generation < generation)));
  const changed = new Map<string, readonly Finding[]>();
  for (const row of same ? rows.filter((each) => each.generation === generation) : rows) {
    const own = behaviourIn(steps, 'search', row.id, typicalRun, at);
    if (own === undefined) continue;
    const others = rivals.filter(({ id }) => id !== row.id).map(({ behaviour }) => behaviour);
    const flags = await judgeBeside(row.source, own, others, {
      ...context,
      tenant: task.tenant,
      fitness: task.submission.fitness,
    });
    if (flags.length > 0 || row.findings.some(isFlag)) changed.set(row.id, flags);
  }
  await store.transact(task.id, async (move) => {
    const now = context.now();
    if (!(await move.finishStep(step.id, step.attempt, 'done', { kind: 'judged', flags: [] }))) return;
    const before = new Map((await move.candidates()).map((row) => [row.id, row]));
    const news: { row: CandidateRow; flags: readonly Finding[] }[] = [];
    for (const [id, flags] of changed) {
      const row = before.get(id);
      if (row === undefined) continue;
      await move.updateCandidate(id, { findings: [...flags, ...row.findings.filter((each) => !isFlag(each))] });
      if (flags.length > 0 && !row.findings.some(isFlag)) news.push({ row, flags });
    }
    await move.updateTask({ wallClockSeconds: spendingAt(move.task, now).wallClockSeconds, updatedAt: now });
    await move.appendEvents(
      news.map(({ row, flags }) => ({
        type: 'candidate.flagged' as const,
        candidateId: row.id,
        generation,
        findings: [...flags],
      })),
    );
  });
}

const variedMean = ({ runs }: Shaken): number => mean(runs.flatMap((run) => run.varied?.fitness ?? []));

/** A flag where the best reward has won on the published dynamics and loses on varied ones. */
async function overfitting(
  best: Shaken,
  others: readonly Shaken[],
  { episodes }: Behaviour,
): Promise<readonly Finding[]> {
  const better = losesOnVaried(best, others);
  if (better === undefined) return [];
  const { subject } = better;
  const than = subject === 'sparse' || subject === 'human' ? `the ${subject} reward` : `candidate ${subject}`;
  return [flagVariedLoss({ own: variedMean(best), better: variedMean(better), than, episodes: await episodes() })];
}

/** Judges the winner beside the sparse reward, the human one and the other finalists, on held-out trainings. */
async function judgeClosing(
  step: StepRow,
  task: TaskRow,
  steps: readonly MachineStep[],
  context: JudgeContext,
): Promise<void> {
  const { store } = context;
  const best = task.bestCandidateId ?? '';
  const row = await store.readCandidate(task.tenant, best);
  const at = { task, store };
  const own = behaviourIn(steps, 'held-out', best, typicalRun, at);
  const finalists = confirmations(steps).filter(({ subject }) => subject !== best);
  const others = [
    ...['sparse', 'human'].flatMap((subject) => behaviourIn(steps, 'held-out', subject, bestRun, at) ?? []),
    ...finalists.flatMap(({ subject }) => behaviourIn(steps, 'confirmation', subject, bestRun, at) ?? []),
  ];
  const hacking =
    row === undefined || own === undefined
      ? []
      : await judgeBeside(row.source, own, others, {
          ...context,
          tenant: task.tenant,
          fitness: task.submission.fitness,
        });
  const shaken = (subject: string): Shaken => ({ subject, runs: finishedRuns(steps, 'held-out', subject) });
  const varied =
    own === undefined ? [] : await overfitting(shaken(best), [shaken('sparse'), shaken('human'), ...finalists], own);
  const earlier = hacking.length > 0 ? [] : (row?.findings ?? []).filter(isFlag);
  const flags = [...hacking, ...varied, ...earlier].toSorted(bySeverity);
  await store.transact(task.id, (move) => move.finishStep(step.id, step.attempt, 'done', { kind: 'judged', flags }));
}

const bySeverity = (a: Finding, b: Finding): number => Number(b.severity === 'error') - Number(a.severity === 'error');

/** Compares what rewards pay with what other rewards' policies do, and writes what was found in one fenced transaction. */
export async function runJudge(
  step: StepRow,
  task: TaskRow,
  generation: number | null,
  context: JudgeContext,
): Promise<void> {
  const steps = await context.store.transact(task.id, loadSteps);
  return generation === null
    ? judgeClosing(step, task, steps, context)
    : judgeGeneration(step, task, generation, steps, context);
}
