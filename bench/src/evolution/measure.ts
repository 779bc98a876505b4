import type { Candidate, Task, TaskEvent, TaskSubmission } from '@rewardsmith/contracts';
import { SearchSettings, TaskSubmission as Submission } from '@rewardsmith/contracts';
import type { Engine } from '@rewardsmith/engine';
import { heldOutFitness } from '@rewardsmith/engine/held-out';
import { limits } from '@rewardsmith/engine/limits';
import type { BuiltinEnvironment } from '@rewardsmith/environments';
import type { Sandbox } from '@rewardsmith/sandbox';
import type { Method } from './methods.ts';

const caller = { tenant: 'bench' };

/** Training seeds that every point of a curve is measured on, of those of the closing comparison. */
export const CURVE_SEEDS = 3;

export interface Point {
  /** Environment steps of the search when the candidate became its best. */
  readonly environmentSteps: number;
  /** Proposals by then, refused ones included: what model calls are made for. */
  readonly proposals: number;
  /** Mean fitness on held-out seeds. */
  readonly fitness: number;
}

/** One search from one seed. */
export interface Measured {
  readonly environment: string;
  readonly method: string;
  readonly seed: number;
  /** On the closing comparison's held-out seeds, and on those that it was chosen by. */
  readonly fitness: number;
  readonly searchFitness: number;
  readonly sparse: number;
  readonly human: number;
  /** Of the search and the choice between finalists; the closing comparison is left out. */
  readonly environmentSteps: number;
  readonly proposals: number;
  readonly modelCalls: number;
  /** Training seconds, on one core each. */
  readonly trainingSeconds: number;
  /** The program that it found. */
  readonly source: string;
  /** The best candidate so far, whenever it changed. */
  readonly curve: readonly Point[];
}

/**
 * A budget in whole trainings of the environment's usual length, spent by the method in generations of its own. Where finalists
 * are trained again to choose between them, that is paid from it too.
 */
export function submissionFor(
  environment: BuiltinEnvironment,
  method: Method,
  seed: number,
  trainings: number,
): TaskSubmission {
  const population = method.search.population ?? 8;
  const finalists = method.search.finalists ?? SearchSettings.parse({}).finalists;
  const confirmation = finalists > 1 ? finalists * limits.confirmationSeeds : 0;
  return Submission.parse({
    environment: environment.definition.name,
    evaluator: { kind: 'simulation', training: method.seeds === undefined ? {} : { seeds: method.seeds } },
    search: { ...method.search, population, generations: Math.min(100, Math.ceil((2 * trainings) / population)), seed },
    budget: { environmentSteps: Math.max(1, trainings - confirmation) * environment.training.environmentSteps },
    critic: method.critic ?? {},
  });
}

interface Incumbent {
  readonly candidateId: string;
  readonly environmentSteps: number;
  readonly proposals: number;
}

/**
 * Whom the search would have answered with, and from when on: the best of those trained on every seed, or before there is one, of
 * those trained on their first.
 */
function incumbents(events: readonly TaskEvent[]): readonly Incumbent[] {
  const found: Incumbent[] = [];
  let [best, inFull, proposals] = [Number.NEGATIVE_INFINITY, false, 0];
  for (const event of events) {
    if (event.type === 'generation.started') proposals += event.proposed;
    if (event.type !== 'candidate.evaluated' && event.type !== 'candidate.screened') continue;
    const full = event.type === 'candidate.evaluated';
    if (full === inFull ? event.fitness.mean <= best : inFull) continue;
    [best, inFull] = [event.fitness.mean, full];
    const { candidateId } = event;
    if (found.at(-1)?.candidateId === candidateId) continue;
    found.push({ candidateId, environmentSteps: event.spending.environmentSteps, proposals });
  }
  return found;
}

function searchSteps(events: readonly TaskEvent[]): number {
  const spent = events.flatMap((event) => {
    const searches =
      event.type === 'candidate.screened' ||
      event.type === 'candidate.evaluated' ||
      event.type === 'candidate.failed' ||
      (event.type === 'final.measured' && event.purpose === 'confirmation');
    return searches ? [event.spending.environmentSteps] : [];
  });
  return Math.max(0, ...spent);
}

async function candidateOf(engine: Engine, id: string): Promise<Candidate> {
  const candidate = await engine.tasks.candidate(caller, id);
  if (candidate === undefined) throw new Error(`candidate ${id} is named by an event and is not there`);
  return candidate;
}

async function trainingSeconds(engine: Engine, task: Task): Promise<number> {
  let [seconds, after]: [number, string | undefined] = [0, undefined];
  do {
    const page = await engine.tasks.candidates(caller, task.id, {
      limit: 200,
      ...(after === undefined ? {} : { after }),
    });
    for (const { id } of page?.items ?? []) {
      for (const run of (await candidateOf(engine, id)).runs) seconds += run.seconds;
    }
    after = page?.next ?? undefined;
  } while (after !== undefined);
  return seconds;
}

/** Searches once through the engine, and measures every candidate that was ever its best on held-out seeds. */
export async function measure(
  engine: Engine,
  sandbox: Sandbox,
  environment: BuiltinEnvironment,
  method: Method,
  seed: number,
  trainings: number,
): Promise<Measured> {
  const submission = submissionFor(environment, method, seed, trainings);
  const submitted = await engine.tasks.submit(caller, submission, undefined);
  if (submitted.kind === 'key-reused') throw new Error('a task without a key cannot have used it');
  const { id } = submitted.task;
  const events = await Array.fromAsync(engine.tasks.events(caller, id, 0, new AbortController().signal));
  const task = await engine.tasks.task(caller, id);
  if (task?.final == null) throw new Error(`${task?.name}, ${method.name}, seed ${seed}: ${task?.failure}`);
  const curve: Point[] = [];
  for (const { candidateId, environmentSteps, proposals } of incumbents(events)) {
    const { source } = await candidateOf(engine, candidateId);
    const values = await heldOutFitness(sandbox, submission, environment, source, CURVE_SEEDS);
    curve.push({ environmentSteps, proposals, fitness: values.reduce((sum, value) => sum + value, 0) / CURVE_SEEDS });
  }
  return {
    environment: environment.definition.name,
    method: method.name,
    seed,
    fitness: task.final.best.mean,
    searchFitness: task.bestFitness ?? Number.NaN,
    sparse: task.final.sparse.mean,
    human: task.final.human.mean,
    environmentSteps: searchSteps(events),
    proposals: task.candidates.proposed,
    modelCalls: task.spending.modelCalls,
    source: (await candidateOf(engine, task.bestCandidateId ?? '')).source,
    trainingSeconds: await trainingSeconds(engine, task),
    curve,
  };
}
