import { randomUUIDv7 } from 'node:crypto';
import type { Design, TaskEventBody } from '@rewardsmith/contracts';
import type { Recording } from '@rewardsmith/critic';
import type { Designer, Parent } from '@rewardsmith/designer';
import type { BuiltinEnvironment } from '@rewardsmith/environments';
import type { Member } from '@rewardsmith/evolution';
import type { Sandbox } from '@rewardsmith/sandbox';
import type { CandidateRow, StepRow, Store, TaskMove, TaskRow } from '@rewardsmith/store';
import { limits } from '../limits.ts';
import { trainingSteps } from '../machine/decide.ts';
import { spent } from '../machine/stages.ts';
import { stepKey } from '../machine/steps.ts';
import type { ModelAccess } from '../model/access.ts';
import { deriveSeed } from '../seeds.ts';
import { beside, givenReward } from './given.ts';
import { asMember } from './member.ts';
import { proposeGeneration } from './propose.ts';
import { type Generation, type GenerationRequest, proposeByModel } from './propose-by-model.ts';
import { countStages, type Proposed } from './proposed.ts';
import { episodeReader, recordedMembers, recordingOf } from './recording.ts';
import { spendingAt, trainingsLeft } from './state.ts';
import { aimOf, firstSeeds, screeningCost, seedsFor } from './training.ts';

export interface ProposeContext {
  readonly store: Store;
  readonly sandbox: Sandbox;
  readonly designer: Designer;
  readonly access: ModelAccess | undefined;
  readonly environment: BuiltinEnvironment;
  readonly signal: AbortSignal;
  readonly now: () => Date;
}

function asParent(row: CandidateRow): readonly (readonly [string, Parent])[] {
  return row.fitness === null
    ? []
    : [[row.id, { id: row.id, source: row.source, fitness: row.fitness.mean, findings: row.findings }] as const];
}

async function proposeByGrammar(request: GenerationRequest, context: ProposeContext): Promise<Generation> {
  const { task, rows, ...rest } = request;
  const proposals = await proposeGeneration({
    ...rest,
    rows,
    description: task.description,
    aim: aimOf(task.submission, context.environment),
    environment: context.environment,
    search: task.submission.search,
    parents: new Map(rows.flatMap(asParent)),
    designer: context.designer,
  });
  return { proposals, explanations: new Map(), arms: [], cap: undefined };
}

function newRow(task: TaskRow, generation: number, index: number, proposal: Proposed, now: Date): CandidateRow {
  const { accepted, design, refusedBy } = proposal;
  return {
    id: randomUUIDv7(),
    taskId: task.id,
    tenant: task.tenant,
    generation,
    index,
    operator: proposal.operator,
    parents: [...proposal.parents],
    status: accepted === undefined ? 'refused' : 'accepted',
    source: accepted?.program.source ?? proposal.source,
    thought: proposal.thought,
    hash: accepted?.program.hash ?? null,
    components: accepted === undefined ? [] : [...accepted.program.components],
    params: accepted === undefined ? {} : Object.fromEntries(accepted.program.params),
    critique: [...proposal.critique],
    findings: [],
    fitness: null,
    failure: null,
    runs: [],
    behaviour: accepted?.behaviour ?? null,
    refusedBy,
    design,
    explanation: null,
    stages: [],
    createdAt: now,
  };
}

function event(row: CandidateRow): TaskEventBody {
  const place = { candidateId: row.id, generation: row.generation, index: row.index, operator: row.operator };
  const { thought, design } = row;
  const asked = (made: Design) => {
    const { model, brief, cost, slot, attempt, stage } = made;
    return { model, brief, cost, slot, attempt, stage };
  };
  const proposal = { thought, ...(design === null ? {} : asked(design)) };
  const reason = row.critique.find((finding) => finding.severity === 'error');
  return row.status === 'accepted'
    ? { type: 'candidate.accepted', ...place, ...proposal }
    : {
        type: 'candidate.refused',
        ...place,
        ...proposal,
        reason: reason === undefined ? 'refused' : `${reason.code}: ${reason.message}`,
        critique: row.critique,
      };
}

/** Writes a proposed generation and the training steps of its accepted candidates. */
async function record(
  move: TaskMove,
  generation: number,
  { proposals, explanations, arms, cap }: Generation,
  context: ProposeContext,
): Promise<readonly string[]> {
  const now = context.now();
  for (const [candidateId, explanation] of explanations) {
    await move.updateCandidate(candidateId, { explanation });
  }
  await move.appendEvents(
    [...explanations].map(([candidateId, explanation]) => ({
      type: 'candidate.explained' as const,
      candidateId,
      explanation,
    })),
  );
  const rows = proposals.map((proposal, index) => newRow(move.task, generation, index, proposal, now));
  const accepted = rows.filter((row) => row.status === 'accepted');
  await move.insertCandidates(rows);
  await move.updateTask({
    generation: generation + 1,
    proposed: move.task.proposed + rows.length,
    refused: move.task.refused + rows.length - accepted.length,
    critic: countStages(move.task.critic, proposals),
    arms: [...arms],
    ...(cap === undefined ? {} : { modelStop: cap }),
    wallClockSeconds: spendingAt(move.task, now).wallClockSeconds,
    updatedAt: now,
  });
  await move.appendEvents([
    { type: 'generation.started', generation, proposed: rows.length, refused: rows.length - accepted.length },
    ...rows.map(event),
  ]);
  const subjects = accepted.map((row) => ({ kind: 'candidate', candidateId: row.id }) as const);
  const inputs = trainingSteps('search', subjects, firstSeeds(move.task.submission, context.environment));
  return move.insertSteps(inputs.map((input) => ({ key: stepKey(input), kind: input.kind, input })));
}

/** What became of earlier candidates, in words, by hash and by behaviour. */
function resultsOf(rows: readonly CandidateRow[]): ReadonlyMap<string, string> {
  return new Map(
    rows.flatMap(({ hash, behaviour, generation, fitness }) => {
      const result = `generation ${generation + 1}, ${fitness === null ? 'without a fitness' : `fitness ${Number(fitness.mean.toPrecision(4))}`}`;
      return [hash, behaviour].flatMap((key) => (key === null ? [] : [[key, result] as const]));
    }),
  );
}

/**
 * Candidates that `trainings` are enough for, each at the cost of its `screening`, with the race after them, which trains a
 * `share` of them `further` times: whom nobody can promote is screened in vain. At least one where it can be screened at all.
 */
export function raceable(trainings: number, screening: number, further: number, share: number): number {
  const most = Math.floor(trainings / screening);
  if (!Number.isFinite(most)) return most;
  const cost = (count: number) => count * screening + Math.ceil(count * share) * further;
  let count = Math.min(most, Math.ceil(trainings / (screening + share * further)));
  while (count > 1 && cost(count) > trainings) count -= 1;
  return count;
}

/** The task with as many slots in its next generation as its caps on candidates and environment steps leave room for. */
function withinCaps(
  task: TaskRow,
  environment: BuiltinEnvironment,
): { task: TaskRow; most: number; trainable: number } {
  const { submission } = task;
  const { search, budget } = submission;
  const most = (budget.candidates ?? Number.POSITIVE_INFINITY) - task.proposed;
  const trainable = raceable(
    trainingsLeft(task, environment),
    screeningCost(submission, environment),
    Math.min(1, seedsFor('search', submission, environment) - firstSeeds(submission, environment)),
    search.raceShare,
  );
  const population = Math.max(0, Math.min(search.population, trainable, most));
  return { task: { ...task, submission: { ...submission, search: { ...search, population } } }, most, trainable };
}

/** Episodes of earlier candidates, whose outcomes are known, to judge new programs on. */
async function recordingFor(
  task: TaskRow,
  rows: readonly CandidateRow[],
  members: readonly Member[],
  { store, sandbox, environment }: ProposeContext,
): Promise<Recording | undefined> {
  const { outcomes, gate } = task.submission.critic;
  if (members.length === 0 || !(outcomes || gate)) return undefined;
  const chosen = new Set(recordedMembers(members, limits.recordedCandidates));
  const episodesOf = await episodeReader(task.id, store);
  const recorded = await Promise.all(rows.filter(({ id }) => chosen.has(id)).map(episodesOf));
  return recordingOf(recorded.flat(), environment, task.tenant, sandbox, task.submission.fitness !== undefined);
}

/** Proposes one generation and writes it in one fenced transaction. */
export async function runPropose(
  step: StepRow,
  given: TaskRow,
  generation: number,
  context: ProposeContext,
): Promise<readonly string[]> {
  const from = context.now().getTime();
  const { task, most, trainable } = withinCaps(given, context.environment);
  const rows = await context.store.taskCandidates(task.id);
  const accepted = rows.filter((row) => row.status !== 'refused');
  const members = rows.flatMap((row) => asMember(row, context.environment.definition.maxEpisodeSteps));
  const request: GenerationRequest = {
    step,
    task,
    generation,
    most,
    trainable,
    rows,
    members,
    known: {
      hashes: new Set(accepted.flatMap((row) => row.hash ?? [])),
      behaviours: new Set(accepted.flatMap((row) => row.behaviour ?? [])),
      results: resultsOf(accepted),
    },
    critique: {
      tenant: task.tenant,
      environment: context.environment.definition,
      seed: deriveSeed(task.submission.search.seed, 'smoke'),
      sandbox: context.sandbox,
      stages: task.submission.critic,
      recording: await recordingFor(task, rows, members, context),
      pairs: [],
    },
  };
  const start = await givenReward(request);
  const rest = beside(request, start);
  const generated =
    task.submission.search.designer === 'model'
      ? await proposeByModel(rest, context)
      : await proposeByGrammar(rest, context);
  const proposals = start === undefined ? generated.proposals : [start, ...generated.proposals];
  const proposed = { ...generated, proposals };
  return context.store.transact(task.id, async (move) => {
    const count = proposals.filter((proposal) => proposal.accepted !== undefined).length;
    const result = { kind: 'proposed', accepted: count, refused: proposals.length - count } as const;
    if (!(await move.finishStep(step.id, step.attempt, 'done', result))) return [];
    const seconds = Math.max(0, (context.now().getTime() - from) / 1000);
    await move.updateTask({ stages: spent(move.task.stages, 'propose', { steps: 1, seconds }) });
    return record(move, generation, proposed, context);
  });
}
