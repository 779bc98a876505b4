import type { TaskEvent } from '@rewardsmith/contracts';

interface Trained {
  readonly runs: number;
  readonly short: number;
  readonly fitness: number | null;
}

/** What the live view shows of a task, folded from its events. */
export interface Progress {
  readonly generation: number;
  readonly accepted: number;
  readonly refused: number;
  /** Candidates that trained a policy on at least one seed. */
  readonly evaluated: number;
  /** Their search trainings, how many of them were short, and their fitness by whole ones. */
  readonly trained: ReadonlyMap<string, Trained>;
  /** Training runs of the search that have ended. */
  readonly runs: number;
  readonly failed: number;
  /** The best candidate that has been trained in full. */
  readonly best: string | null;
  readonly bestFitness: number | null;
  readonly environmentSteps: number;
  readonly modelCalls: number;
  readonly seconds: number;
  readonly phase: 'waiting' | 'searching' | 'closing' | 'ended';
  /** Trainings of the closing phases: announced and done. */
  readonly closing: { readonly total: number; readonly done: number };
}

export const begun: Progress = {
  generation: 0,
  accepted: 0,
  refused: 0,
  evaluated: 0,
  trained: new Map(),
  runs: 0,
  failed: 0,
  best: null,
  bestFitness: null,
  environmentSteps: 0,
  modelCalls: 0,
  seconds: 0,
  phase: 'waiting',
  closing: { total: 0, done: 0 },
};

function spent(progress: Progress, event: TaskEvent): Progress {
  if (!('spending' in event)) return progress;
  const { environmentSteps, modelCalls, wallClockSeconds } = event.spending;
  return { ...progress, environmentSteps, modelCalls, seconds: wallClockSeconds };
}

/** The progress with these candidates trained: whoever is the best of them. */
function standing(progress: Progress, trained: Progress['trained']): Progress {
  const known = [...trained].flatMap(([id, { fitness }]) => (fitness === null ? [] : [{ id, fitness }]));
  const [best] = known.toSorted((a, b) => b.fitness - a.fitness);
  return {
    ...progress,
    trained,
    evaluated: trained.size,
    best: best?.id ?? null,
    bestFitness: best?.fitness ?? null,
  };
}

/** The progress after one more event. */
export function advance(before: Progress, event: TaskEvent): Progress {
  const progress = spent(before, event);
  switch (event.type) {
    case 'task.submitted':
    case 'task.paused':
    case 'task.resumed':
    case 'model.called':
    case 'candidate.explained':
    case 'candidate.flagged':
      return progress;
    case 'task.started':
      return { ...progress, phase: 'searching' };
    case 'generation.started':
      return { ...progress, generation: event.generation + 1 };
    case 'candidate.accepted':
      return { ...progress, accepted: progress.accepted + 1 };
    case 'candidate.refused':
      return { ...progress, refused: progress.refused + 1 };
    case 'candidate.evaluated':
    case 'candidate.screened': {
      const { candidateId, fitness } = event;
      // Values of whole trainings leave out the short one before them.
      const whole = event.type === 'candidate.evaluated';
      const before = progress.trained.get(candidateId);
      const runs = fitness.values.length + (whole && before !== undefined ? before.short : 0);
      const short = whole ? (before?.short ?? 0) : runs;
      const trained = new Map(progress.trained).set(candidateId, { runs, short, fitness: whole ? fitness.mean : null });
      return { ...standing(progress, trained), runs: progress.runs + runs - (before?.runs ?? 0) };
    }
    case 'race.decided':
      return progress;
    case 'candidate.failed': {
      const trained = new Map(progress.trained);
      trained.delete(event.candidateId);
      const left = standing(progress, trained);
      return { ...left, failed: progress.failed + 1, runs: progress.runs + 1 };
    }
    case 'final.started':
      return {
        ...progress,
        phase: 'closing',
        closing: { ...progress.closing, total: progress.closing.total + event.trainings },
      };
    case 'final.measured':
    case 'final.failed':
      return { ...progress, closing: { ...progress.closing, done: progress.closing.done + 1 } };
    case 'task.completed':
    case 'task.failed':
    case 'task.cancelled':
      return { ...progress, phase: 'ended' };
  }
}
