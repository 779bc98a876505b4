import { createHash } from 'node:crypto';
import type {
  Candidate,
  CandidateSummary,
  ExportTarget,
  RewardExport,
  Task,
  TaskEvent,
  TaskSubmission,
} from '@rewardsmith/contracts';
import { type BuiltinEnvironment, builtinEnvironments } from '@rewardsmith/environments';
import type { Queue } from '@rewardsmith/queue';
import type { Sandbox } from '@rewardsmith/sandbox';
import type { CandidateRow, Store } from '@rewardsmith/store';
import { limits } from '../limits.ts';
import type { ModelAccess } from '../model/access.ts';
import { startOfDay } from '../model/day.ts';
import { forecast } from '../model/forecast.ts';
import { taskTerms } from '../model/terms.ts';
import { pauseTask, resumeTask } from '../moves/pause.ts';
import { spendingAt } from '../moves/state.ts';
import { parityOf } from '../parity.ts';
import type { Caller, ConversationAnswer, Page, RewardAnswer, Submitted, TaskService } from '../service.ts';
import { conversationOf } from './conversation.ts';
import { followEvents } from './events.ts';
import { withLearnedForms } from './learned.ts';
import { acceptedProgram } from './reward.ts';
import { candidateSummary, candidateView, taskView } from './views.ts';

export interface ServiceContext {
  readonly store: Store;
  readonly queue: Queue;
  readonly sandbox: Sandbox;
  readonly access: ModelAccess | undefined;
  readonly now: () => Date;
  /** Ends the trainings of a cancelled task that this process runs. */
  readonly abortTask: (taskId: string) => void;
}

function knownEnvironment(name: string): BuiltinEnvironment {
  const environment = builtinEnvironments.get(name);
  if (environment === undefined) throw new RangeError(`there is no built-in environment "${name}"`);
  return environment;
}

/** The candidate and its ancestors, the candidate last. */
function lineage(rows: readonly CandidateRow[], id: string): RewardExport['lineage'] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const found = new Map<string, CandidateRow>();
  const open = [id];
  while (open.length > 0 && found.size < limits.lineage) {
    const row = byId.get(open.pop() ?? '');
    if (row !== undefined && !found.has(row.id)) {
      found.set(row.id, row);
      open.push(...row.parents);
    }
  }
  return [...found.values()]
    .toSorted((a, b) => a.generation - b.generation || a.index - b.index)
    .map((row) => ({
      id: row.id,
      generation: row.generation,
      operator: row.operator,
      parents: [...row.parents],
      fitness: row.fitness?.mean ?? null,
    }));
}

/** The task service over the store: reads rows, writes submissions and cancellations, wakes the queue. */
export class StoredTaskService implements TaskService {
  readonly #context: ServiceContext;

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  async submit(caller: Caller, submission: TaskSubmission, idempotencyKey: string | undefined): Promise<Submitted> {
    const { store, queue, access, now } = this.#context;
    const environment = knownEnvironment(submission.environment);
    const { definition } = environment;
    const description = submission.description ?? definition.description;
    const asks = submission.search.designer === 'model' && access !== undefined;
    const terms = asks ? taskTerms(access.terms, submission) : null;
    const created = await store.createTask({
      tenant: caller.tenant,
      name: submission.name ?? definition.name,
      description,
      environment: definition.name,
      submission: await withLearnedForms(store, caller.tenant, submission),
      submissionHash: createHash('sha256').update(JSON.stringify(submission)).digest('hex'),
      idempotencyKey: idempotencyKey ?? null,
      terms,
      forecast:
        asks && terms !== null
          ? forecast(submission, description, environment, terms, access, await this.#spentToday(caller))
          : null,
    });
    if (created.kind === 'key-reused') return { kind: 'key-reused', taskId: created.row.id };
    await queue.wake({ kind: 'advance', taskId: created.row.id });
    return { kind: created.kind, task: taskView(created.row, now()) };
  }

  #spentToday({ tenant }: Caller) {
    const { store, now } = this.#context;
    return store.tenantHeld(tenant, startOfDay(now()));
  }

  async task(caller: Caller, id: string): Promise<Task | undefined> {
    const row = await this.#context.store.readTask(caller.tenant, id);
    return row === undefined ? undefined : taskView(row, this.#context.now());
  }

  async tasks(caller: Caller, query: { readonly limit: number; readonly after?: string }): Promise<Page<Task>> {
    const page = await this.#context.store.listTasks(caller.tenant, query);
    const now = this.#context.now();
    return { items: page.items.map((row) => taskView(row, now)), next: page.next };
  }

  async cancel(caller: Caller, id: string): Promise<Task | undefined> {
    const { store, now, abortTask } = this.#context;
    if ((await store.readTask(caller.tenant, id)) === undefined) return undefined;
    await store.transact(id, async (move) => {
      if (move.task.finishedAt !== null) return;
      await move.cancelSteps();
      const { wallClockSeconds } = spendingAt(move.task, now());
      await move.updateTask({
        status: 'cancelled',
        stopReason: 'cancelled',
        wallClockSeconds,
        finishedAt: now(),
        updatedAt: now(),
      });
      await move.appendEvents([{ type: 'task.cancelled' }]);
    });
    abortTask(id);
    return this.task(caller, id);
  }

  async pause(caller: Caller, id: string): Promise<Task | undefined> {
    const { store, now } = this.#context;
    if ((await store.readTask(caller.tenant, id)) === undefined) return undefined;
    await store.transact(id, (move) => pauseTask(move, 'requested', 'Paused on request.', now()));
    return this.task(caller, id);
  }

  async resume(caller: Caller, id: string): Promise<Task | undefined> {
    const { store, queue, access, now } = this.#context;
    if ((await store.readTask(caller.tenant, id)) === undefined) return undefined;
    const steps = await store.transact(id, (move) => resumeTask(move, access?.terms, now()));
    await Promise.all(steps.map((stepId) => queue.wake({ kind: 'step', stepId })));
    await queue.wake({ kind: 'advance', taskId: id });
    return this.task(caller, id);
  }

  async conversation(
    caller: Caller,
    id: string,
    query: { readonly limit: number; readonly after?: string },
  ): Promise<ConversationAnswer> {
    const { store } = this.#context;
    const task = await store.readTask(caller.tenant, id);
    if (task === undefined) return { kind: 'no-task' };
    if (task.terms === null) return { kind: 'no-model' };
    const { items, next } = await store.listModelCalls(caller.tenant, id, query);
    return { kind: 'ok', conversation: { ...conversationOf(task.terms, items), next } };
  }

  events(caller: Caller, id: string, after: number, signal: AbortSignal): AsyncIterable<TaskEvent> {
    return followEvents(this.#context.store, caller.tenant, id, after, signal);
  }

  async reward(caller: Caller, id: string, target: ExportTarget, signal?: AbortSignal): Promise<RewardAnswer> {
    const { store, sandbox } = this.#context;
    const task = await store.readTask(caller.tenant, id);
    if (task === undefined) return { kind: 'no-task' };
    const rows = await store.taskCandidates(id);
    const best = rows.find((row) => row.id === task.bestCandidateId);
    if (best === undefined || best.fitness === null) return { kind: 'none-yet' };
    const { definition } = knownEnvironment(task.environment);
    const compiler = sandbox.compiler({ tenant: caller.tenant, signal });
    const program = await acceptedProgram(best.source, definition, compiler);
    const text = { source: best.source, environment: definition };
    return {
      kind: 'ok',
      reward: {
        taskId: id,
        candidateId: best.id,
        target,
        source: program.module,
        code: await compiler.emit(text, target),
        components: [...program.components],
        params: Object.fromEntries(program.params),
        fitness: best.fitness,
        final: task.final,
        lineage: lineage(rows, best.id),
        parity: await parityOf(sandbox, caller.tenant, text, { ...(signal && { signal }) }),
      },
    };
  }

  async candidates(
    caller: Caller,
    taskId: string,
    query: { readonly limit: number; readonly after?: string },
  ): Promise<Page<CandidateSummary> | undefined> {
    const { store } = this.#context;
    if ((await store.readTask(caller.tenant, taskId)) === undefined) return undefined;
    const page = await store.listCandidates(caller.tenant, taskId, query);
    return { items: page.items.map(candidateSummary), next: page.next };
  }

  async candidate(caller: Caller, id: string): Promise<Candidate | undefined> {
    const row = await this.#context.store.readCandidate(caller.tenant, id);
    return row === undefined ? undefined : candidateView(row);
  }
}
