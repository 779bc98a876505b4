import { availableParallelism } from 'node:os';
import type { Kernel, Outcome } from '@rewardsmith/contracts';
import {
  type ComponentStatistics,
  type LabelStatistics,
  type Labels,
  type Rollout,
  statisticNames,
} from '@rewardsmith/rollouts';
import type { Answer } from '../channel/messages.ts';
import { limits } from '../limits.ts';
import type { SandboxSettings } from '../settings.ts';
import { type Ending, exitEnding, faultEnding, type Spent, usage } from './ending.ts';
import { contentOf } from './rollout-key.ts';
import { type Runner, RunnerExited } from './runner.ts';
import type { Observation } from './watcher.ts';

/** A recorded rollout and the name of its content. */
export interface KeyedRollout {
  readonly key: string;
  readonly rollout: Rollout;
}

/** How one kernel is run over one rollout. */
export interface LabelRun {
  readonly kernel: Kernel;
  readonly recorded: KeyedRollout;
  readonly settings: SandboxSettings;
}

/**
 * Labels one rollout with one kernel on a runner and brings the outputs that are named, or all of them. Throws
 * `RunnerExited` only while the candidate is not at work.
 */
export async function labelOn(
  runner: Runner,
  run: LabelRun,
  names: readonly string[] = run.kernel.outputs,
): Promise<Outcome<Labels>> {
  const answer = { kind: 'columns', places: names.map((name) => run.kernel.outputs.indexOf(name)) } as const;
  const outcome = await runKernel(runner, run, answer, names.length, run.recorded.rollout.steps);
  return outcome.kind === 'ok' ? { ...outcome, value: { names, columns: outcome.value } } : outcome;
}

/** The same, of which only the statistics of each episode leave the runner. */
export async function measureOn(runner: Runner, run: LabelRun): Promise<Outcome<LabelStatistics>> {
  const names = run.kernel.outputs;
  const count = names.length * statisticNames.length;
  const outcome = await runKernel(runner, run, { kind: 'statistics' }, count, run.recorded.rollout.episodes);
  if (outcome.kind !== 'ok') return outcome;
  const columns = outcome.value.values();
  const next = () => columns.next().value ?? new Float64Array(0);
  const components = names.map(
    (): ComponentStatistics => ({
      sum: next(),
      sumOfSquares: next(),
      mean: next(),
      min: next(),
      max: next(),
      nonFinite: next(),
    }),
  );
  return { ...outcome, value: { names, components } };
}

/** Runs a kernel; what it answers with is so many columns of that length. */
async function runKernel(
  runner: Runner,
  { kernel, recorded, settings }: LabelRun,
  answer: Answer,
  count: number,
  length: number,
): Promise<Outcome<Float64Array[]>> {
  await ensureRecorded(runner, recorded, settings);
  const { steps } = recorded.rollout;
  const outputBytes = kernel.outputs.length * steps * Float64Array.BYTES_PER_ELEMENT;
  const columns = runner.expectLabels(count, length);
  const from = performance.now();
  const { isolateMegabytes, wallMilliseconds, cpuMilliseconds } = settings;
  const { spare, shared } = limits.optimisedRows;
  const optimised = steps >= (settings.runners < availableParallelism() ? spare : shared);
  runner.run(
    { type: 'label', key: recorded.key, kernel, answer, optimised, isolateMegabytes, wallMilliseconds },
    {
      wallMilliseconds: wallMilliseconds + limits.graceMilliseconds,
      cpuMilliseconds,
      memoryBytes: settings.memoryBytes + heldBytes(runner) + outputBytes,
    },
  );
  const ending = await candidatePart(runner, from, isolateMegabytes * 2 ** 20 + outputBytes);
  if (ending !== undefined) return ending;
  const used = usage(runner.disarm(), performance.now() - from);
  const reply = await runner.next(limits.transferMilliseconds);
  if (reply.type !== 'labels') return { kind: 'infrastructure', message: `labels expected, ${reply.type} came` };
  return { kind: 'ok', value: columns, usage: used };
}

/** Waits for the end of the candidate's part; nothing when it ended well. Progress is passed on. */
export async function candidatePart(
  runner: Runner,
  from: number,
  heapBytes: number,
  onProgress?: (environmentSteps: number) => void,
): Promise<Ending | undefined> {
  const spent = (observation: Observation): Spent => ({
    usage: usage(observation, performance.now() - from),
    grownBytes: observation.grownBytes,
    heapBytes,
  });
  try {
    for (;;) {
      const reply = await runner.next();
      switch (reply.type) {
        case 'progress':
          onProgress?.(reply.environmentSteps);
          break;
        case 'done':
          return undefined;
        case 'fault':
          return faultEnding(reply, spent(runner.disarm()));
        case 'broken':
          return { kind: 'infrastructure', message: reply.message };
        default:
          // No honest runner says this now: whoever wrote it had taken the runner over.
          runner.kill();
          return {
            kind: 'crashed',
            message: `forged a message: ${reply.type}`,
            usage: usage(runner.disarm(), performance.now() - from),
          };
      }
    }
  } catch (error) {
    if (!(error instanceof RunnerExited)) throw error;
    return exitEnding(error.exit, spent(error.exit.observation));
  }
}

/** Sends the rollout unless the runner holds it, forgetting the least recently used ones to make room. */
async function ensureRecorded(
  runner: Runner,
  { key, rollout }: KeyedRollout,
  settings: SandboxSettings,
): Promise<void> {
  const known = runner.recorded.get(key);
  if (known !== undefined) {
    runner.recorded.delete(key);
    runner.recorded.set(key, known);
    return;
  }
  const { columns, episodeOffsets, bytes } = contentOf(rollout);
  for (const oldest of runner.recorded.keys()) {
    if (bytes + sum(runner.recorded.values()) <= settings.recordedBytes) break;
    runner.send({ type: 'forget', key: oldest });
    runner.recorded.delete(oldest);
  }
  runner.send({ type: 'record', key, environment: rollout.environment, columns, episodeOffsets });
  runner.recorded.set(key, bytes);
  const reply = await runner.next(limits.transferMilliseconds);
  if (reply.type !== 'recorded') throw new Error(`the runner did not take the rollout: ${reply.type}`);
}

/** Resident bytes that the supervisor itself put into a runner: each rollout, its pristine copy and its message. */
function heldBytes(runner: Runner): number {
  return 3 * sum(runner.recorded.values());
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
