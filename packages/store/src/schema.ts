import type {
  CriticCounts,
  CriticStage,
  Design,
  Explanation,
  FinalMeasurement,
  Finding,
  FitnessEstimate,
  Forecast,
  ModelCost,
  ModelTerms,
  Operator,
  Pause,
  SearchArm,
  StageSpending,
  StopReason,
  TaskEventBody,
  TaskStatus,
  TaskSubmission,
  TrainingRun,
} from '@rewardsmith/contracts';
import type { ColumnType, Selectable } from 'kysely';

/** A JSON column: read as a value, written as text. */
type Json<T> = ColumnType<T, string, string>;
type NullableJson<T> = ColumnType<T | null, string | null, string | null>;
/** Columns are named in camel case here and in snake case in the database. */
export interface TaskTable {
  id: string;
  tenant: string;
  name: string;
  description: string;
  environment: string;
  status: TaskStatus;
  stopReason: StopReason | null;
  failure: string | null;
  submission: Json<TaskSubmission>;
  submissionHash: string;
  idempotencyKey: string | null;
  generation: number;
  proposed: number;
  refused: number;
  evaluated: number;
  failed: number;
  bestCandidateId: string | null;
  bestFitness: number | null;
  final: NullableJson<FinalMeasurement>;
  environmentSteps: number;
  modelCalls: number;
  modelCost: Json<ModelCost>;
  /** The model's cap that ended the search. */
  modelStop: StopReason | null;
  /** On what terms the task's model calls are made; null when its designer needs no model. */
  terms: NullableJson<ModelTerms>;
  pause: NullableJson<Pause>;
  /** How often it went on by itself after a fault of its endpoint, since a call was last answered or somebody resumed it. */
  resumptions: number;
  forecast: NullableJson<Forecast>;
  arms: Json<SearchArm[]>;
  critic: Json<CriticCounts>;
  /** Where the spending went; one entry a stage that has spent. */
  stages: Json<StageSpending[]>;
  wallClockSeconds: number;
  lastSequence: number;
  createdAt: Date;
  updatedAt: Date;
  finishedAt: Date | null;
}

export interface CandidateTable {
  id: string;
  taskId: string;
  tenant: string;
  generation: number;
  index: number;
  operator: Operator;
  parents: Json<string[]>;
  status: 'accepted' | 'refused' | 'screened' | 'evaluated' | 'failed';
  source: string;
  thought: string;
  hash: string | null;
  components: Json<string[]>;
  params: Json<Record<string, number>>;
  critique: Json<Finding[]>;
  findings: Json<Finding[]>;
  fitness: NullableJson<FitnessEstimate>;
  failure: NullableJson<{ kind: string; message: string }>;
  runs: Json<TrainingRun[]>;
  /** Hash of what an accepted program does on the reference rows. */
  behaviour: string | null;
  refusedBy: CriticStage | null;
  design: NullableJson<Design>;
  explanation: NullableJson<Explanation>;
  /** What its trainings have cost, by stage. */
  stages: Json<StageSpending[]>;
  createdAt: Date;
}

/** One request that went to the model endpoint, as it is kept. */
export interface StoredTry {
  readonly outcome: string;
  readonly milliseconds: number;
  readonly usage: { promptTokens: number; cachedTokens: number; completionTokens: number } | null;
  readonly unreported: boolean;
}

/** What a call asked, in full: enough to ask it again. */
export interface StoredRequest {
  readonly model: string;
  readonly messages: readonly { readonly role: 'system' | 'user' | 'assistant'; readonly content: string }[];
  readonly temperature: number | null;
  readonly effort: string | null;
  readonly maxTokens: number;
  readonly form: string;
}

/** A request as its row holds it: the system part, which a task's calls have in common, stands in `prompt_text` by its hash. */
export type KeptRequest = Omit<StoredRequest, 'messages'> & {
  readonly messages: readonly {
    readonly role: 'system' | 'user' | 'assistant';
    readonly content: string | { readonly hash: string };
  }[];
};

/** A part of prompts that many calls of a task have in common. */
export interface PromptTextTable {
  taskId: string;
  hash: string;
  text: string;
}

/** A call of a task to the model endpoint: reserved before it is sent, settled after. */
export interface ModelCallTable {
  id: string;
  taskId: string;
  tenant: string;
  /** Place in the task: a step that is run again finds the answer under it. */
  key: string;
  purpose: string;
  status: 'reserved' | 'settled';
  /** The step and its attempt that hold the reservation. */
  stepId: string;
  stepAttempt: number;
  prompt: Json<{ version: number; hash: string }>;
  requestHash: string;
  request: Json<KeptRequest>;
  outcome: string | null;
  message: string;
  answer: NullableJson<{ text: string; model: string }>;
  tries: Json<readonly StoredTry[]>;
  cost: Json<ModelCost>;
  /** Tokens and money that count against every cap: the reservation until it is settled, then what it cost. */
  heldTokens: number;
  heldMoney: number;
  /** Requests of it: those made, and those that are reserved. */
  heldTries: number;
  /** Requests of it that were sent, or were about to be when this was written. */
  sentTries: number;
  /** The part of its tries and its cost that events have told of: all of it, whenever it is settled. */
  told: NullableJson<{ tries: number; cost: ModelCost }>;
  createdAt: Date;
  /** When it was last settled: the day on which it counts for its tenant. */
  settledAt: Date | null;
}

export type StepStatus = 'pending' | 'running' | 'done' | 'failed' | 'cancelled';

export interface StepTable {
  id: string;
  taskId: string;
  key: string;
  kind: string;
  status: StepStatus;
  attempt: number;
  /** Attempts that failed for the service's own reasons; kills and lost leases are not among them. */
  failures: number;
  leaseUntil: Date | null;
  input: Json<unknown>;
  result: ColumnType<unknown, string | null, string | null>;
  createdAt: Date;
}

export interface EventTable {
  taskId: string;
  sequence: number;
  at: Date;
  body: Json<TaskEventBody>;
}

export interface Tables {
  task: TaskTable;
  candidate: CandidateTable;
  step: StepTable;
  event: EventTable;
  modelCall: ModelCallTable;
  promptText: PromptTextTable;
}

export type TaskRow = Selectable<TaskTable>;
export type CandidateRow = Selectable<CandidateTable>;
export type StepRow = Selectable<StepTable>;
export type ModelCallRow = Selectable<ModelCallTable>;
