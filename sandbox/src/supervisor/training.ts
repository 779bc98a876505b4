import type { Outcome } from '@rewardsmith/contracts';
import { builtinEnvironments } from '@rewardsmith/environments';
import type { TrainingResult } from '@rewardsmith/training';
import type { TrainMessage } from '../channel/messages.ts';
import { limits } from '../limits.ts';
import type { SandboxSettings } from '../settings.ts';
import { usage } from './ending.ts';
import { answerPart, candidatePart } from './labelling.ts';
import type { Runner } from './runner.ts';
import { RunnerBroke } from './runner-end.ts';
import { readTrainingResult } from './training-result.ts';

/** A training run as the runner is asked for it: three kernels, budget and seeds. */
export type TrainingKernels = Omit<TrainMessage, 'type' | 'isolateMegabytes' | 'generationMilliseconds'>;

/** Trains one policy on a runner; the wall clock allowed grows with the environment steps asked for. */
export async function trainOn(
  runner: Runner,
  request: TrainingKernels,
  settings: SandboxSettings,
  onProgress?: (progress: { environmentSteps: number }) => void,
): Promise<Outcome<TrainingResult>> {
  runner.outputs.drop();
  // What it kept for labels is given up when the training begins, and back when it has ended.
  const memoryBytes = settings.memoryBytes + limits.trainingBytes + runner.heldBytes + runner.outputs.bytes;
  await ensureLoaded(runner, request.environment, memoryBytes);
  const milliseconds =
    settings.trainingMilliseconds + (settings.trainingMicrosecondsPerStep * request.environmentSteps) / 1000;
  const from = performance.now();
  // Compiler and collector threads work beside the training, so its CPU time may pass its wall clock.
  const cpuMilliseconds = 2 * milliseconds;
  const { isolateMegabytes, generationMilliseconds } = settings;
  runner.run(
    { type: 'train', ...request, isolateMegabytes, generationMilliseconds },
    {
      wallMilliseconds: milliseconds,
      cpuMilliseconds,
      memoryBytes,
      // The result as its text, the bytes of that, and what writing it leaves behind.
      answerBytes: 3 * limits.resultBytes,
    },
  );
  const heapBytes = isolateMegabytes * 2 ** 20 + limits.trainingBytes;
  const allowed = { wallMilliseconds: milliseconds, cpuMilliseconds, heapBytes };
  const ending = await candidatePart(runner, from, allowed, (environmentSteps) => onProgress?.({ environmentSteps }));
  if (ending !== undefined) return ending;
  const used = usage(runner.observation, runner.heard - from);
  const reply = await answerPart(runner, from, allowed);
  if (!('type' in reply)) return reply;
  if (reply.type !== 'trained') throw new Error(`the channel let ${reply.type} through, which was not due`);
  const result = readTrainingResult(runner.takeResult());
  if ('wrong' in result) {
    // Its reward may be why; or it is no longer ours, and would hold the service up with the next result as well.
    runner.kill();
    return { kind: 'crashed', message: `training on this reward gives no usable result: ${result.wrong}`, usage: used };
  }
  return { kind: 'ok', value: result, usage: used };
}

/** Hands a runner what the environment's simulator needs, unless it has it: a runner opens no file, and most never need it. */
async function ensureLoaded(runner: Runner, environment: string, memoryBytes: number): Promise<void> {
  const library = builtinEnvironments.get(environment)?.library;
  if (library === undefined || runner.loaded.has(library.name)) return;
  const reply = await runner.ask({ type: 'load', environment, files: library.files() }, memoryBytes);
  if (reply.type === 'broken') throw new RunnerBroke(`the runner did not load ${library.name}: ${reply.message}`);
  runner.loaded.add(library.name);
}
