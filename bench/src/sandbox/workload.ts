import { runInThisContext } from 'node:vm';
import type { Kernel } from '@rewardsmith/contracts';
import { builtinEnvironments } from '@rewardsmith/environments';
import { compile, emitKernel } from '@rewardsmith/language';
import { Rollout } from '@rewardsmith/rollouts';

/** Cart-pole, the environment of every figure of this suite. */
export function cartpole() {
  const environment = builtinEnvironments.get('cartpole')?.definition;
  if (environment === undefined) throw new Error('cartpole is built in');
  return environment;
}

/** Smooth columns of that many steps, in episodes of 500; sealed, as recorded rollouts are. Another `phase` makes it another rollout. */
export function recorded(steps: number, phase = 0): Rollout {
  const rollout = Rollout.allocate(cartpole(), { steps, episodes: Math.ceil(steps / 500) });
  for (const [index, column] of rollout.columns.entries()) {
    for (let step = 0; step < steps; step += 1) column[step] = Math.sin(step * 0.01 + index + phase);
  }
  for (rollout.steps = 500; rollout.steps < steps; rollout.steps += 500) rollout.endEpisode();
  rollout.steps = steps;
  rollout.endEpisode();
  return rollout.seal();
}

/** Five terms: a cosine, an exponential, a square, a comparison and a difference. `weight` makes each source another program. */
export function fiveTerms(weight: number): string {
  return `export function reward({ obs, next }) {
  return {
    upright: Math.cos(next.poleAngle),
    centred: ${weight} * Math.exp(-next.cartPosition * next.cartPosition),
    slow: -0.01 * next.cartVelocity * next.cartVelocity,
    inside: Math.abs(next.cartPosition) < 0.5 ? 1 : 0,
    calm: obs.poleAngle - next.poleAngle,
  };
}`;
}

/** The kernel that the sandbox runs for a program of this suite over cart-pole. */
export function kernelOf(source: string, entry: 'reward' | 'success' = 'reward'): Kernel {
  const compilation = compile(source, cartpole(), { entry });
  if (!compilation.ok) throw new Error(`a program of this suite is outside the language: ${source}`);
  return emitKernel(compilation.program);
}

/** A kernel as a function of the columns that it reads. */
export type Run = (
  columns: readonly Float64Array[],
  episodeOffsets: Uint32Array,
  episodes: number,
  outputs: readonly Float64Array[],
) => void;

/** Evaluates one in this process, without a sandbox: the text is of our own emitter. */
export function evaluated({ source, params }: Kernel): Run {
  const run: unknown = runInThisContext(source);
  if (typeof run !== 'function') throw new Error('a kernel is a function');
  const values = Float64Array.from(params, ({ value }) => value);
  return (columns, episodeOffsets, episodes, outputs) => run(columns, episodeOffsets, episodes, values, outputs);
}

/** The same five terms as a plain loop over the same columns, as one would write it by hand. Not a candidate: the text of this file alone. */
export type PlainLoop = (columns: readonly Float64Array[], outputs: readonly Float64Array[], steps: number) => void;

/** That loop as V8 has not seen it before: `weight` makes each another program. */
export function plainFiveTerms(weight: number): PlainLoop {
  const loop: unknown = runInThisContext(`(function (columns, outputs, steps) {
  'use strict';
  const [before, position, velocity, angle] = columns;
  const [upright, centred, slow, inside, calm, total] = outputs;
  for (let step = 0; step < steps; step += 1) {
    const x = position[step];
    const v = velocity[step];
    const a = angle[step];
    const one = Math.cos(a);
    const two = ${weight} * Math.exp(-x * x);
    const three = -0.01 * v * v;
    const four = Math.abs(x) < 0.5 ? 1 : 0;
    const five = before[step] - a;
    upright[step] = one;
    centred[step] = two;
    slow[step] = three;
    inside[step] = four;
    calm[step] = five;
    total[step] = one + two + three + four + five;
  }
})`);
  if (!isLoop(loop)) throw new Error('a loop is a function');
  return loop;
}

const isLoop = (value: unknown): value is PlainLoop => typeof value === 'function';

/** The columns that it reads. */
export function plainColumns(rollout: Rollout): readonly Float64Array[] {
  return [
    rollout.column({ role: 'obs', field: 'poleAngle', index: 0 }),
    rollout.column({ role: 'next', field: 'cartPosition', index: 0 }),
    rollout.column({ role: 'next', field: 'cartVelocity', index: 0 }),
    rollout.column({ role: 'next', field: 'poleAngle', index: 0 }),
  ];
}
