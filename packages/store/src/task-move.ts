import type { TaskEventBody } from '@rewardsmith/contracts';
import { type Insertable, sql, type Transaction, type Updateable } from 'kysely';
import { v7 as uuid } from 'uuid';
import { json, jsonOrNull, storedText } from './json.ts';
import { ModelCalls } from './model-calls.ts';
import type { CandidateRow, CandidateTable, StepRow, Tables, TaskRow, TaskTable } from './schema.ts';
import { readTask } from './task-row.ts';

/** The channel on which a task's identifier is told when it has new events. */
export const eventChannel = 'rewardsmith_events';

type TaskJson = 'terms' | 'final' | 'modelCost' | 'pause' | 'forecast' | 'arms' | 'critic' | 'stages';
type TaskPatch = Omit<Updateable<TaskTable>, 'id' | 'submission' | TaskJson> & Partial<Pick<TaskRow, TaskJson>>;
type CandidatePatch = Partial<
  Pick<CandidateRow, 'status' | 'fitness' | 'failure' | 'runs' | 'findings' | 'explanation' | 'stages'>
>;

export type CandidateStanding = Pick<CandidateRow, 'id' | 'generation' | 'index' | 'status' | 'fitness'> & {
  /** Fitness of its first training. */
  readonly screened: number | null;
  /** What policies that went through, as a digest. */
  readonly path: string | null;
  /** Trainings of the search that it has had. */
  readonly trainings: number;
  /** Whether a finding of severity `error` stands against it. */
  readonly flagged: boolean;
};

export type StepOutline = Pick<StepRow, 'id' | 'key' | 'status' | 'input'>;

export interface NewStep {
  readonly key: string;
  readonly kind: string;
  readonly input: unknown;
}

function candidateInsert(row: CandidateRow): Insertable<CandidateTable> {
  return {
    ...row,
    thought: storedText(row.thought),
    parents: json(row.parents),
    components: json(row.components),
    params: json(row.params),
    critique: json(row.critique),
    findings: json(row.findings),
    runs: json(row.runs),
    fitness: jsonOrNull(row.fitness),
    failure: jsonOrNull(row.failure),
    design: jsonOrNull(row.design),
    explanation: jsonOrNull(row.explanation),
    stages: json(row.stages),
  };
}

/** One transaction on one task, made under the task's row lock: moves of a task never overlap. */
export class TaskMove {
  readonly #tx: Transaction<Tables>;
  readonly #now: Date;
  #task: TaskRow;

  constructor(tx: Transaction<Tables>, task: TaskRow, now: Date) {
    this.#tx = tx;
    this.#task = task;
    this.#now = now;
  }

  /** The task as this move has left it so far. */
  get task(): TaskRow {
    return this.#task;
  }

  /** The task's calls to the model endpoint. */
  get modelCalls(): ModelCalls {
    return new ModelCalls(this.#tx, this.#task, this.#now);
  }

  /** The task's candidates by generation and index. */
  candidates(): Promise<readonly CandidateRow[]> {
    return this.#tx
      .selectFrom('candidate')
      .selectAll()
      .where('taskId', '=', this.#task.id)
      .orderBy('generation')
      .orderBy('index')
      .execute();
  }

  candidate(id: string): Promise<CandidateRow | undefined> {
    return this.#tx
      .selectFrom('candidate')
      .selectAll()
      .where('id', '=', id)
      .where('taskId', '=', this.#task.id)
      .executeTakeFirst();
  }

  /** What the machine decides by, of every candidate by generation and index: a move reads all of them, and their programs and runs are long. */
  async standings(): Promise<readonly CandidateStanding[]> {
    return this.#tx
      .selectFrom('candidate')
      .select(['id', 'generation', 'index', 'status', 'fitness'])
      .select(sql<number | null>`runs -> 0 -> 'fitness'`.as('screened'))
      .select(sql<string | null>`runs -> 0 ->> 'path'`.as('path'))
      .select(sql<number>`jsonb_array_length(runs)`.as('trainings'))
      .select(sql<boolean>`jsonb_path_exists(findings, '$[*] ? (@.severity == "error")')`.as('flagged'))
      .where('taskId', '=', this.#task.id)
      .orderBy('generation')
      .orderBy('index')
      .execute();
  }

  /** The task's steps with their results: those whose key begins with `prefix`, which holds no pattern of its own. */
  steps(prefix = ''): Promise<readonly StepRow[]> {
    return this.#tx
      .selectFrom('step')
      .selectAll()
      .where('taskId', '=', this.#task.id)
      .where('key', 'like', `${prefix}%`)
      .orderBy('id')
      .execute();
  }

  /** Every step of the task without its result, which may be long. */
  stepOutlines(): Promise<readonly StepOutline[]> {
    return this.#tx
      .selectFrom('step')
      .select(['id', 'key', 'status', 'input'])
      .where('taskId', '=', this.#task.id)
      .orderBy('id')
      .execute();
  }

  async insertCandidates(rows: readonly CandidateRow[]): Promise<void> {
    if (rows.length > 0) await this.#tx.insertInto('candidate').values(rows.map(candidateInsert)).execute();
  }

  async updateCandidate(
    id: string,
    { fitness, failure, runs, findings, explanation, stages, ...plain }: CandidatePatch,
  ): Promise<void> {
    await this.#tx
      .updateTable('candidate')
      .set({
        ...plain,
        ...(fitness === undefined ? {} : { fitness: jsonOrNull(fitness) }),
        ...(failure === undefined ? {} : { failure: jsonOrNull(failure) }),
        ...(explanation === undefined ? {} : { explanation: jsonOrNull(explanation) }),
        ...(runs === undefined ? {} : { runs: json(runs) }),
        ...(stages === undefined ? {} : { stages: json(stages) }),
        ...(findings === undefined ? {} : { findings: json(findings) }),
      })
      .where('id', '=', id)
      .where('taskId', '=', this.#task.id)
      .execute();
  }

  /** Adds steps and returns their identifiers; a key that the task has already is left as it is. */
  async insertSteps(steps: readonly NewStep[]): Promise<readonly string[]> {
    if (steps.length === 0) return [];
    const rows = await this.#tx
      .insertInto('step')
      .values(
        steps.map(({ key, kind, input }) => ({
          id: uuid(),
          taskId: this.#task.id,
          key,
          kind,
          status: 'pending' as const,
          attempt: 0,
          failures: 0,
          leaseUntil: null,
          input: json(input),
          result: null,
          createdAt: this.#now,
        })),
      )
      .onConflict((conflict) => conflict.columns(['taskId', 'key']).doNothing())
      .returning('id')
      .execute();
    return rows.map((row) => row.id);
  }

  /**
   * Ends a running step. False, with nothing written, when `attempt` is not the step's latest or the step has ended:
   * the caller's result is stale and must not be used.
   */
  async finishStep(id: string, attempt: number, status: 'done' | 'failed', result: unknown): Promise<boolean> {
    const { numUpdatedRows } = await this.#tx
      .updateTable('step')
      .set({ status, result: jsonOrNull(result), leaseUntil: null })
      .where('id', '=', id)
      .where('taskId', '=', this.#task.id)
      .where('attempt', '=', attempt)
      .where('status', '=', 'running')
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  }

  /** Ends every open step; whoever runs one learns it at the next lease. */
  async cancelSteps(): Promise<void> {
    await this.#tx
      .updateTable('step')
      .set({ status: 'cancelled', leaseUntil: null })
      .where('taskId', '=', this.#task.id)
      .where('status', 'in', ['pending', 'running'])
      .execute();
  }

  async updateTask(patch: TaskPatch): Promise<void> {
    const { failure, final, modelCost, pause, forecast, terms, arms, critic, stages, ...plain } = patch;
    const row = await this.#tx
      .updateTable('task')
      .set({
        ...plain,
        ...(failure === undefined ? {} : { failure: failure === null ? null : storedText(failure) }),
        ...(final === undefined ? {} : { final: jsonOrNull(final) }),
        ...(pause === undefined ? {} : { pause: jsonOrNull(pause) }),
        ...(forecast === undefined ? {} : { forecast: jsonOrNull(forecast) }),
        ...(terms === undefined ? {} : { terms: jsonOrNull(terms) }),
        ...(modelCost === undefined ? {} : { modelCost: json(modelCost) }),
        ...(arms === undefined ? {} : { arms: json(arms) }),
        ...(critic === undefined ? {} : { critic: json(critic) }),
        ...(stages === undefined ? {} : { stages: json(stages) }),
      })
      .where('id', '=', this.#task.id)
      .returningAll()
      .executeTakeFirstOrThrow();
    this.#task = readTask(row);
  }

  /** Appends events with consecutive sequence numbers; listeners are told when the move commits. */
  async appendEvents(bodies: readonly TaskEventBody[]): Promise<void> {
    if (bodies.length === 0) return;
    const { id, lastSequence } = this.#task;
    await this.#tx
      .insertInto('event')
      .values(
        bodies.map((body, index) => ({
          taskId: id,
          sequence: lastSequence + 1 + index,
          at: this.#now,
          body: json(body),
        })),
      )
      .execute();
    await this.updateTask({ lastSequence: lastSequence + bodies.length });
    await sql`select pg_notify(${eventChannel}, ${id})`.execute(this.#tx);
  }
}
