import type { Outcome } from '@rewardsmith/contracts';
import { builtinEnvironments } from '@rewardsmith/environments';
import type { TrainingResult } from '@rewardsmith/training';
import type { TrainMessage } from '../channel/messages.ts';
import { limits } from '../limits.ts';
import type { SandboxSettings } from '../settings.ts';
import { usage } from './ending.ts';
import { candidatePart } from './labelling.ts';
import type { Runner } from './runner.ts';
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
  await ensureLoaded(runner, request.environment);
  const milliseconds =
    settings.trainingMilliseconds + (settings.trainingMicrosecondsPerStep * request.environmentSteps) / 1000;
  const from = performance.now();
  // Compiler and collector threads work beside the training, so its CPU time may pass its wall clock.
  const { isolateMegabytes, generationMilliseconds } = settings;
  runner.run(
    { type: 'train', ...request, isolateMegabytes, generationMilliseconds },
    {
      wallMilliseconds: milliseconds,
      cpuMilliseconds: 2 * milliseconds,
      memoryBytes: settings.memoryBytes + limits.trainingBytes,
    },
  );
  const ending = await candidatePart(
    runner,
    from,
    isolateMegabytes * 2 ** 20 + limits.trainingBytes,
    (environmentSteps) => onProgress?.({ environmentSteps }),
  );
  if (ending !== undefined) return ending;
  const used = usage(runner.disarm(), performance.now() - from);
  const reply = await runner.next(limits.transferMilliseconds);
  if (reply.type !== 'trained') return { kind: 'infrastructure', message: `a result expected, ${reply.type} came` };
  const result = readTrainingResult(reply.result);
  if ('wrong' in result) {
    return { kind: 'crashed', message: `training on this reward gives no usable result: ${result.wrong}`, usage: used };
  }
  return { kind: 'ok', value: result, usage: used };
}

/** Hands a runner what the environment's simulator needs, unless it has it: a runner opens no file, and most never need it. */
async function ensureLoaded(runner: Runner, environment: string): Promise<void> {
  const library = builtinEnvironments.get(environment)?.library;
  if (library === undefined || runner.loaded.has(library.name)) return;
  runner.send({ type: 'load', environment, files: library.files() });
  const reply = await runner.next(limits.transferMilliseconds);
  if (reply.type !== 'loaded') {
    throw new Error(`the runner did not load ${library.name}: ${reply.type === 'broken' ? reply.message : reply.type}`);
  }
  runner.loaded.add(library.name);
}
