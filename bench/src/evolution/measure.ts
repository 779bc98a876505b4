import type { Candidate, TaskEvent, TaskSubmission } from '@rewardsmith/contracts';
import { limits as bounds, SearchSettings, TaskSubmission as Submission } from '@rewardsmith/contracts';
import type { Engine } from '@rewardsmith/engine';
import { confirmationTrainings } from '@rewardsmith/engine/confirmation';
import { heldOutFitness } from '@rewardsmith/engine/held-out';
import type { BuiltinEnvironment } from '@rewardsmith/environments';
import type { Measured, Point } from './measured.ts';
import type { Method } from './methods.ts';
import type { RememberedTrainings } from './remembered.ts';

const caller = { tenant: 'bench' };

/**
 * Training seeds that what was found is measured on, beside the sparse and the human reward: those of a task's closing comparison and
 * ten more. Some rewards fail on one seed in ten or fewer, and one such failure among five decides all.
 */
export const HELD_OUT_SEEDS = 15;
/** The first of them, on which every point of a curve is measured. */
const CURVE_SEEDS = 8;

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
  return Submission.parse({
    environment: environment.definition.name,
    evaluator: { kind: 'simulation', training: method.seeds === undefined ? {} : { seeds: method.seeds } },
    search: {
      ...method.search,
      population,
      generations: Math.min(bounds.generations, Math.ceil((2 * trainings) / population)),
      seed,
    },
    budget: {
      environmentSteps:
        Math.max(1, trainings - confirmationTrainings(finalists)) * environment.training.environmentSteps,
    },
    critic: method.critic ?? {},
  });
}

interface Incumbent extends Omit<Point, 'fitness'> {
  readonly candidateId: string;
}

/** The tuner's proposals are its parent's program with other numbers: no designer is asked for them. */
const isDesigned = (event: TaskEvent): boolean =>
  (event.type === 'candidate.accepted' || event.type === 'candidate.refused') && event.operator !== 'tune';

/** What ends a stage of a generation: from then on it is known what the search would answer with. */
const ends = (event: TaskEvent): boolean =>
  event.type === 'race.decided' || event.type === 'generation.started' || event.type === 'final.started';

interface Seen {
  readonly candidateId: string;
  readonly inFull: boolean;
  readonly fitness: number;
  /** Its place among the proposals of the search. */
  readonly place: number;
}

/** Better first, those trained on every seed before those trained on their first; ties go to the older. */
const better = (a: Seen, b: Seen): number =>
  Number(b.inFull) - Number(a.inFull) || b.fitness - a.fitness || a.place - b.place;

/**
 * Whom the search would have answered with at the end of each stage, and what it had cost by then, whenever that changed. Within
 * a stage trainings end in no order of their own.
 */
export function incumbents(events: readonly TaskEvent[]): readonly Incumbent[] {
  const found: Incumbent[] = [];
  const seen = new Map<string, Seen>();
  const places = new Map<string, number>();
  let [environmentSteps, proposals, designed] = [0, 0, 0];
  for (const event of events) {
    if (ends(event)) {
      const [best] = [...seen.values()].toSorted(better);
      if (best !== undefined && best.candidateId !== found.at(-1)?.candidateId) {
        found.push({ candidateId: best.candidateId, environmentSteps, proposals, designed });
      }
    }
    if (event.type === 'generation.started') proposals += event.proposed;
    if (isDesigned(event)) designed += 1;
    if (event.type === 'candidate.accepted') places.set(event.candidateId, places.size);
    if (event.type === 'candidate.failed') seen.delete(event.candidateId);
    if (event.type !== 'candidate.evaluated' && event.type !== 'candidate.screened') continue;
    const { candidateId } = event;
    environmentSteps = Math.max(environmentSteps, event.spending.environmentSteps);
    const inFull = event.type === 'candidate.evaluated';
    seen.set(candidateId, { candidateId, inFull, fitness: event.fitness.mean, place: places.get(candidateId) ?? 0 });
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

/** Submits a task and follows it to its end. Throws where it found nothing. */
export async function searched(engine: Engine, submission: TaskSubmission) {
  const submitted = await engine.tasks.submit(caller, submission, undefined);
  if (submitted.kind === 'key-reused') throw new Error('a task without a key cannot have used it');
  const { id } = submitted.task;
  const events = await Array.fromAsync(engine.tasks.events(caller, id, 0, new AbortController().signal));
  const task = await engine.tasks.task(caller, id);
  if (task?.final == null) throw new Error(task?.failure ?? 'the task ended without a best candidate');
  return { events, task };
}

export async function candidateOf(engine: Engine, id: string): Promise<Candidate> {
  const candidate = await engine.tasks.candidate(caller, id);
  if (candidate === undefined) throw new Error(`candidate ${id} is named by an event and is not there`);
  return candidate;
}

/** Searches once through the engine, and measures every candidate that was ever its best on held-out seeds. */
export async function measure(
  engine: Engine,
  sandbox: RememberedTrainings,
  environment: BuiltinEnvironment,
  method: Method,
  seed: number,
  trainings: number,
): Promise<Omit<Measured, 'version'>> {
  const submission = submissionFor(environment, method, seed, trainings);
  const before = sandbox.searchSeconds;
  const { events, task } = await searched(engine, submission);
  const heldOut = async (reward: string, seeds: number) => {
    const values = await heldOutFitness(sandbox, submission, environment, reward, seeds);
    return values.reduce((sum, value) => sum + value, 0) / seeds;
  };
  const curve: Point[] = [];
  const best = task.bestCandidateId ?? '';
  const led = incumbents(events);
  // What is chosen between the finalists is the answer at the whole cost.
  const designed = events.filter(isDesigned).length;
  const whole = { environmentSteps: searchSteps(events), proposals: task.candidates.proposed, designed };
  const chosen = { candidateId: best, ...whole };
  for (const { candidateId, ...cost } of led.at(-1)?.candidateId === best ? led : [...led, chosen]) {
    const { source } = await candidateOf(engine, candidateId);
    curve.push({ ...cost, fitness: await heldOut(source, CURVE_SEEDS) });
  }
  const { source } = await candidateOf(engine, best);
  return {
    environment: environment.definition.name,
    method: method.name,
    seed,
    trainings,
    fitness: await heldOut(source, HELD_OUT_SEEDS),
    searchFitness: task.bestFitness ?? Number.NaN,
    sparse: await heldOut(environment.sparseReward, HELD_OUT_SEEDS),
    human: await heldOut(environment.humanReward, HELD_OUT_SEEDS),
    ...whole,
    evaluationSteps: task.spending.stages
      .filter(({ stage }) => stage !== 'held-out')
      .reduce((sum, stage) => sum + stage.evaluationSteps, 0),
    modelCalls: task.spending.modelCalls,
    source,
    trainingSeconds: sandbox.searchSeconds - before,
    curve,
  };
}
