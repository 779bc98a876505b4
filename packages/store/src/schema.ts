import type {
  FinalMeasurement,
  Finding,
  FitnessEstimate,
  Operator,
  StopReason,
  TaskEventBody,
  TaskStatus,
  TaskSubmission,
  TrainingRun,
} from '@rewardsmith/contracts';
import type { ColumnType, Selectable } from 'kysely';

/** A JSON column: read as a value, written as text. */
type Json<T> = ColumnType<T, string, string>;
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
  final: ColumnType<FinalMeasurement | null, string | null, string | null>;
  environmentSteps: number;
  modelCalls: number;
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
  fitness: ColumnType<FitnessEstimate | null, string | null, string | null>;
  failure: ColumnType<{ kind: string; message: string } | null, string | null, string | null>;
  runs: Json<TrainingRun[]>;
  createdAt: Date;
}

export type StepStatus = 'pending' | 'running' | 'done' | 'failed' | 'cancelled';

export interface StepTable {
  id: string;
  taskId: string;
  key: string;
  kind: string;
  status: StepStatus;
  attempt: number;
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
}

export type TaskRow = Selectable<TaskTable>;
export type CandidateRow = Selectable<CandidateTable>;
export type StepRow = Selectable<StepTable>;
