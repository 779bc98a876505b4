import type { Environment, Fitness, Kernel } from '@rewardsmith/contracts';
import type { LibraryFiles } from '@rewardsmith/environments';
import type { Evaluation } from '@rewardsmith/training';
import type { FaultKind } from '../runner/fault.ts';

/** The runner's descriptor of the one channel it has. */
export const CHANNEL = 3;

/**
 * A recorded rollout on its way to the runner, once for many candidates. The bytes of a `Rollout` with room for just so many steps and
 * episodes follow the message, `bytes` of them, and fill the runner's own in place.
 */
export interface RecordMessage {
  readonly type: 'record';
  readonly key: string;
  readonly environment: Environment;
  readonly steps: number;
  readonly episodes: number;
  readonly bytes: number;
}

export interface ForgetMessage {
  readonly type: 'forget';
  readonly key: string;
}

/** What of a candidate's labels leaves the runner: columns, by their place among the outputs, or every output's statistics. */
export type Answer = { readonly kind: 'columns'; readonly places: readonly number[] } | { readonly kind: 'statistics' };

export interface LabelMessage {
  readonly type: 'label';
  readonly key: string;
  readonly kernel: Kernel;
  readonly answer: Answer;
  /** Whether V8's best compiler pays for this many rows. */
  readonly optimised: boolean;
  readonly isolateMegabytes: number;
  readonly wallMilliseconds: number;
}

/** What an environment's simulator needs, once for a runner, which can open no file itself. */
export interface LoadMessage {
  readonly type: 'load';
  /** Name of a built-in environment. */
  readonly environment: string;
  readonly files: LibraryFiles;
}

export interface TrainMessage {
  readonly type: 'train';
  /** Name of a built-in environment. */
  readonly environment: string;
  readonly reward: Kernel;
  readonly fitness: Kernel;
  readonly success: Kernel;
  readonly aggregate: Fitness['aggregate'];
  readonly environmentSteps: number;
  readonly seed: number;
  readonly evaluation: Evaluation;
  readonly isolateMegabytes: number;
  readonly generationMilliseconds: number;
}

/** Arbitrary JavaScript for the runner's own realm: only the raw runner of the tests knows it. */
export interface RawMessage {
  readonly type: 'raw';
  readonly source: string;
}

/** From the supervisor to the runner. */
export type Request = RecordMessage | ForgetMessage | LabelMessage | LoadMessage | TrainMessage | RawMessage;

/**
 * From the runner to the supervisor, which believes none of it before it has looked: see `supervisor/replies.ts`.
 * `done` says that the candidate's part is over; `labels` follows it, on the service's time, and is followed itself by
 * the bytes of what was asked for, one column after another, into memory that the supervisor has set aside. `trained` is followed
 * by so many bytes of the result, as JSON.
 */
export type Reply =
  | { readonly type: 'ready'; readonly granted: readonly string[]; readonly filtered: boolean }
  | { readonly type: 'recorded' }
  | { readonly type: 'loaded' }
  | { readonly type: 'progress'; readonly environmentSteps: number }
  | { readonly type: 'done' }
  | { readonly type: 'labels' }
  | { readonly type: 'trained'; readonly bytes: number }
  | { readonly type: 'fault'; readonly kind: FaultKind; readonly message: string }
  | { readonly type: 'broken'; readonly message: string };
