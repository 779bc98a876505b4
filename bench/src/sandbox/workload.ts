import { builtinEnvironments } from '@rewardsmith/environments';
import { Rollout } from '@rewardsmith/rollouts';

/** Cart-pole, the environment of every figure of this suite. */
export function cartpole() {
  const environment = builtinEnvironments.get('cartpole')?.definition;
  if (environment === undefined) throw new Error('cartpole is built in');
  return environment;
}

/** Smooth columns of that many steps, in episodes of 500; sealed, as recorded rollouts are. */
export function recorded(steps: number): Rollout {
  const rollout = Rollout.allocate(cartpole(), { steps, episodes: Math.ceil(steps / 500) });
  for (const [index, column] of rollout.columns.entries()) {
    for (let step = 0; step < steps; step += 1) column[step] = Math.sin(step * 0.01 + index);
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

/** The same five terms by hand, as plain V8 runs them over the same columns. Returns the labels, total last. */
export function fiveTermsByHand(rollout: Rollout, weight: number, outputs: readonly Float64Array[]): void {
  const column = (role: 'obs' | 'next', field: string) => rollout.column({ role, field, index: 0 });
  const angle = column('next', 'poleAngle');
  const before = column('obs', 'poleAngle');
  const position = column('next', 'cartPosition');
  const velocity = column('next', 'cartVelocity');
  const [upright, centred, slow, inside, calm, total] = outputs;
  if (!upright || !centred || !slow || !inside || !calm || !total) throw new Error('six outputs are needed');
  for (let step = 0; step < rollout.steps; step += 1) {
    const x = position[step] ?? 0;
    const v = velocity[step] ?? 0;
    const a = angle[step] ?? 0;
    const one = Math.cos(a);
    const two = weight * Math.exp(-x * x);
    const three = -0.01 * v * v;
    const four = Math.abs(x) < 0.5 ? 1 : 0;
    const five = (before[step] ?? 0) - a;
    upright[step] = one;
    centred[step] = two;
    slow[step] = three;
    inside[step] = four;
    calm[step] = five;
    total[step] = one + two + three + four + five;
  }
}
