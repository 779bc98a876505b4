import type { Kernel } from '@rewardsmith/contracts';
import { type BuiltinEnvironment, builtinEnvironments } from '@rewardsmith/environments';
import { type Labeller, trainPolicy } from '@rewardsmith/training';
import type { LoadMessage, TrainMessage } from '../channel/messages.ts';
import { limits } from '../limits.ts';
import { send, sendResult } from './channel.ts';
import { isolateForManyCalls } from './hardened-isolate.ts';
import { IsolatedKernel, type IsolateLimits } from './isolate.ts';
import { endWhenOrphaned } from './orphan.ts';
import { dropOutputs } from './output-memory.ts';

/** Loads what an environment's simulator needs, from the bytes that came with the request. */
export async function load(request: LoadMessage): Promise<void> {
  await environmentOf(request.environment).library?.load(request.files);
}

/** Trains a policy with the environment, the trainer and three isolates in this one process; only the result leaves. */
export function train(request: TrainMessage): void {
  const environment = environmentOf(request.environment);
  const isolateLimits = { megabytes: request.isolateMegabytes, milliseconds: request.generationMilliseconds };
  const opened: IsolatedKernel[] = [];
  let told = 0;
  try {
    const result = trainPolicy({
      environment,
      environmentSteps: request.environmentSteps,
      seed: request.seed,
      evaluation: request.evaluation,
      aggregate: request.aggregate,
      reward: labeller(request.reward, isolateLimits, opened),
      fitness: labeller(request.fitness, isolateLimits, opened),
      success: labeller(request.success, isolateLimits, opened),
      onProgress: ({ environmentSteps }) => {
        endWhenOrphaned();
        if (performance.now() - told < limits.progressMilliseconds) return;
        told = performance.now();
        send({ type: 'progress', environmentSteps });
      },
    });
    send({ type: 'done' });
    sendResult(result);
  } finally {
    for (const isolated of opened) isolated.dispose();
    dropOutputs();
  }
}

function environmentOf(name: string): BuiltinEnvironment {
  const environment = builtinEnvironments.get(name);
  if (environment === undefined) throw new Error(`no built-in environment "${name}"`);
  return environment;
}

/** A labeller that gives each rollout an isolate the first time it meets it, and adds it to `opened`. */
function labeller(kernel: Kernel, isolateLimits: IsolateLimits, opened: IsolatedKernel[]): Labeller {
  const isolates = new WeakMap<SharedArrayBuffer, IsolatedKernel>();
  return (rollout) => {
    let isolated = isolates.get(rollout.buffer);
    if (isolated === undefined) {
      isolated = new IsolatedKernel(kernel, rollout, isolateLimits, rollout.capacity.steps, isolateForManyCalls);
      isolates.set(rollout.buffer, isolated);
      opened.push(isolated);
    }
    return isolated.label();
  };
}
