import { availableParallelism } from 'node:os';
import type { Kernel, Outcome } from '@rewardsmith/contracts';
import { type ComponentStatistics, type LabelStatistics, type Labels, statisticNames } from '@rewardsmith/rollouts';
import type { Answer, Reply } from '../channel/messages.ts';
import { outputBytes, rowsAtOnce } from '../channel/outputs.ts';
import { limits } from '../limits.ts';
import type { SandboxSettings } from '../settings.ts';
import {
  type Allowed,
  type Ending,
  endedFromOutside,
  exitEnding,
  faultEnding,
  limitMet,
  type Spent,
  usage,
} from './ending.ts';
import type { RolloutSnapshot } from './rollout-snapshot.ts';
import type { Runner } from './runner.ts';
import { RunnerBroke, RunnerExited } from './runner-end.ts';
import type { Observation } from './watcher.ts';
import { receivedLabels } from './young-memory.ts';

/** How one kernel is run over one rollout. */
export interface LabelRun {
  readonly kernel: Kernel;
  readonly recorded: RolloutSnapshot;
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
  const outcome = await runKernel(runner, run, answer, names.length, run.recorded.steps);
  return outcome.kind === 'ok' ? { ...outcome, value: { names, columns: outcome.value } } : outcome;
}

/** The same, of which only the statistics of each episode leave the runner. */
export async function measureOn(runner: Runner, run: LabelRun): Promise<Outcome<LabelStatistics>> {
  const names = run.kernel.outputs;
  const count = names.length * statisticNames.length;
  const outcome = await runKernel(runner, run, { kind: 'statistics' }, count, run.recorded.episodes);
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
  const { steps, episodes, episodeOffsets } = recorded;
  const columns = runner.expectLabels(count, length);
  const outputs = kernel.outputs.length;
  const ownBytes = outputBytes(outputs, rowsAtOnce(answer.kind, outputs, steps, episodeOffsets));
  const labelBytes = runner.outputs.take(ownBytes);
  const from = performance.now();
  const { isolateMegabytes, wallMilliseconds, cpuMilliseconds } = settings;
  const { spare, shared } = limits.optimisedRows;
  const optimised = steps >= (settings.runners < availableParallelism() ? spare : shared);
  const answerBytes = count * length * Float64Array.BYTES_PER_ELEMENT;
  // Statistics are counted by the runner between a candidate's parts: that is not the candidate's time, nor is their memory its own.
  const counts = answer.kind === 'statistics';
  const countingBytes = counts ? countingBytesOf(answerBytes, episodes) : 0;
  runner.outputs.leave(countingBytes);
  const countingMilliseconds = counts ? (outputs * (steps + episodes) * limits.countingNanoseconds) / 1e6 : 0;
  runner.run(
    { type: 'label', key: recorded.key, kernel, answer, optimised, isolateMegabytes, wallMilliseconds },
    {
      wallMilliseconds: wallMilliseconds + countingMilliseconds,
      cpuMilliseconds: cpuMilliseconds + countingMilliseconds,
      memoryBytes: settings.memoryBytes + runner.heldBytes + labelBytes + countingBytes,
      // Statistics are there already.
      answerBytes: (counts ? 0 : answerBytes) + limits.untidyBytes,
    },
  );
  const allowed = {
    wallMilliseconds,
    cpuMilliseconds,
    heapBytes: isolateMegabytes * 2 ** 20 + ownBytes + countingBytes,
  };
  const ending = await candidatePart(runner, from, allowed);
  if (ending !== undefined) return ending;
  const used = usage(runner.observation, runner.heard - from);
  const reply = await answerPart(runner, from, allowed);
  receivedLabels(answerBytes);
  return 'type' in reply ? { kind: 'ok', value: columns, usage: used } : reply;
}

/**
 * Waits for the end of the candidate's part; nothing when it ended well. Progress is passed on. Throws `RunnerBroke`.
 */
export async function candidatePart(
  runner: Runner,
  from: number,
  allowed: Allowed,
  onProgress?: (environmentSteps: number) => void,
): Promise<Ending | undefined> {
  const spent = (observation: Observation): Spent => ({
    usage: usage(observation, runner.heard - from),
    grownBytes: observation.grownBytes,
    allowed,
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
          return faultEnding(reply, spent(runner.observation));
        case 'broken':
          throw new RunnerBroke(reply.message, spent(runner.observation).usage);
        default:
          throw new Error(`the channel let ${reply.type} through, which was not due`);
      }
    }
  } catch (error) {
    if (!(error instanceof RunnerExited)) throw error;
    return exitEnding(error.exit, spent(error.exit.observation));
  }
}

/**
 * The reply that follows the candidate's part, or what the candidate left behind that kept it from coming: a runner that
 * is itself takes no more than its answer needs. Throws `RunnerBroke`, of a runner too that ends or does not come to its answer,
 * and `RunnerExited` when it was ended from outside.
 */
export async function answerPart(runner: Runner, from: number, allowed: Allowed): Promise<Reply | Ending> {
  try {
    const reply = await runner.next();
    if (reply.type !== 'broken') return reply;
    throw new RunnerBroke(reply.message, usage(runner.observation, runner.heard - from));
  } catch (error) {
    if (!(error instanceof RunnerExited)) throw error;
    const { observation, channelFault } = error.exit;
    const { grownBytes } = observation;
    const used = usage(observation, runner.heard - from);
    const met = limitMet(error.exit);
    // A deadline may have passed while the service was too busy to hear that the candidate was done in time.
    if (channelFault !== undefined || (met !== 'none' && met !== 'deadline')) {
      // The kill at a limit of the candidate's own may have come before its last word was heard.
      const isOwn = observation.part === 'candidate';
      const cpuMilliseconds = isOwn ? allowed.cpuMilliseconds : limits.transferCpuMilliseconds;
      return exitEnding(error.exit, { usage: used, grownBytes, allowed: { ...allowed, cpuMilliseconds } });
    }
    if (endedFromOutside(error.exit)) throw error;
    throw new RunnerBroke(`${error.message} before its answer`, used);
  }
}

/** Sends the rollout unless the runner holds it, forgetting the least recently used ones to make room. */
async function ensureRecorded(
  runner: Runner,
  { key, bytes, content, environment, columns, steps, episodes }: RolloutSnapshot,
  settings: SandboxSettings,
): Promise<void> {
  const known = runner.recorded.get(key);
  if (known !== undefined) {
    runner.recorded.delete(key);
    runner.recorded.set(key, known);
    return;
  }
  runner.recorded.set(key, bytes + columns * limits.columnBytes);
  // Those that are given up for it are still there when its limit is set.
  const memoryBytes = settings.memoryBytes + runner.heldBytes + runner.outputs.bytes;
  for (const oldest of runner.recorded.keys()) {
    if (oldest === key || sum(runner.recorded.values()) <= settings.recordedBytes) break;
    runner.send({ type: 'forget', key: oldest });
    runner.recorded.delete(oldest);
  }
  const request = { type: 'record', key, environment, steps, episodes, bytes } as const;
  const reply = await runner.ask(request, memoryBytes, content);
  if (reply.type === 'broken') throw new RunnerBroke(`the runner did not take the rollout: ${reply.message}`);
}

/** What a runner takes for statistics: each part's and all of them, and where the episodes of each begin. */
function countingBytesOf(answerBytes: number, episodes: number): number {
  return 2 * answerBytes + 3 * episodes * Uint32Array.BYTES_PER_ELEMENT;
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
