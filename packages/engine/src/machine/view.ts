import type { StopReason, TrainingRun } from '@rewardsmith/contracts';
import type { MachineCandidate, MachineState, PhaseProgress } from './decide.ts';
import { losesOnVaried, type Shaken } from './flags.ts';
import { type Purpose, type StepInput, type StepResult, subjectName } from './steps.ts';

/** A step row with its JSON read. */
export interface MachineStep {
  readonly id: string;
  readonly status: 'pending' | 'running' | 'done' | 'failed' | 'cancelled';
  readonly input: StepInput;
  readonly result: StepResult | null;
}

function progress(steps: readonly MachineStep[], belongs: (input: StepInput) => boolean): PhaseProgress {
  const phase = steps.filter((step) => belongs(step.input));
  return {
    total: phase.length,
    open: phase.filter((step) => step.status === 'pending' || step.status === 'running').length,
  };
}

function trains(purpose: Purpose): (input: StepInput) => boolean {
  return (input) => input.kind === 'train' && input.purpose === purpose;
}

/** The runs that finished for one subject in one phase, in the order of their seeds. */
export function finishedRuns(steps: readonly MachineStep[], purpose: Purpose, subject: string): readonly TrainingRun[] {
  return steps
    .flatMap(({ input, result }) =>
      input.kind === 'train' &&
      input.purpose === purpose &&
      subjectName(input.subject) === subject &&
      result?.kind === 'trained'
        ? [{ seedIndex: input.seedIndex, run: result.run }]
        : [],
    )
    .toSorted((a, b) => a.seedIndex - b.seedIndex)
    .map(({ run }) => run);
}

/** The runs of the finalists all of whose confirmation runs ended well. */
export function confirmations(steps: readonly MachineStep[]): readonly Shaken[] {
  const wanted = new Map<string, number>();
  for (const { input } of steps) {
    if (input.kind === 'train' && input.purpose === 'confirmation') {
      const name = subjectName(input.subject);
      wanted.set(name, (wanted.get(name) ?? 0) + 1);
    }
  }
  return [...wanted].flatMap(([subject, count]) => {
    const runs = finishedRuns(steps, 'confirmation', subject);
    return runs.length === count ? [{ subject, runs }] : [];
  });
}

/** Generations that have been judged; -1 stands for the closing comparison. */
function judgedGenerations(steps: readonly MachineStep[]): ReadonlySet<number> {
  return new Set(
    steps.flatMap(({ input, status }) => (input.kind === 'judge' && status === 'done' ? [input.generation ?? -1] : [])),
  );
}

/** Generations of the candidates that have a training step beyond their first seed. */
function racedGenerations(candidates: readonly MachineCandidate[], steps: readonly MachineStep[]): ReadonlySet<number> {
  const generations = new Map(candidates.map(({ id, generation }) => [id, generation]));
  const raced = new Set<number>();
  for (const { input } of steps) {
    if (input.kind !== 'train' || input.purpose !== 'search' || input.seedIndex === 0) continue;
    const generation = generations.get(subjectName(input.subject));
    if (generation !== undefined) raced.add(generation);
  }
  return raced;
}

/** Everything `decide` looks at, from the task's rows. */
export function machineState(
  task: Pick<
    MachineState,
    'status' | 'generation' | 'search' | 'stopReason' | 'trainingsLeft' | 'screeningCost' | 'firstSeeds' | 'seeds'
  >,
  candidates: readonly MachineCandidate[],
  steps: readonly MachineStep[],
  capReached: StopReason | undefined,
): MachineState {
  const confirmed = confirmations(steps);
  return {
    ...task,
    capReached,
    candidates,
    propose: progress(steps, (input) => input.kind === 'propose'),
    searchTraining: progress(steps, trains('search')),
    raced: racedGenerations(candidates, steps),
    judging: progress(steps, (input) => input.kind === 'judge'),
    judged: judgedGenerations(steps),
    confirmation: progress(steps, trains('confirmation')),
    heldOut: progress(steps, trains('held-out')),
    confirmed: new Map(confirmed.map(({ subject, runs }) => [subject, runs.map(({ fitness }) => fitness)])),
    overfitted: new Set(
      confirmed
        .filter(
          (own) =>
            losesOnVaried(
              own,
              confirmed.filter((other) => other !== own),
            ) !== undefined,
        )
        .map(({ subject }) => subject),
    ),
  };
}
