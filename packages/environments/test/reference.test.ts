import { describe, expect, it } from 'vitest';
import table from '../reference/trajectories.golden.json' with { type: 'json' };
import { Acrobot } from '../src/acrobot.ts';
import { CartPole } from '../src/cartpole.ts';
import { CartPoleSwingUp } from '../src/cartpole-swing-up.ts';
import { MountainCar } from '../src/mountain-car.ts';
import { MountainCarContinuous } from '../src/mountain-car-continuous.ts';
import { Pendulum } from '../src/pendulum.ts';
import type { Simulator } from '../src/simulator.ts';

/** Relative to the larger of the value and 1; the only difference allowed is the order of floating-point operations. */
const ONE_STEP = 1e-12;
/** After up to 120 steps, where errors have grown by the dynamics. */
const WHOLE_TRAJECTORY = 1e-9;

const simulators: Record<keyof typeof table.trajectories, () => Simulator & { readonly state: Float64Array }> = {
  cartpole: () => new CartPole(),
  'cartpole-swing-up': () => new CartPoleSwingUp(),
  'mountain-car': () => new MountainCar(),
  'mountain-car-continuous': () => new MountainCarContinuous(),
  pendulum: () => new Pendulum(),
  acrobot: () => new Acrobot(),
};

function difference(ours: Float64Array, theirs: readonly number[]): number {
  return Math.max(
    ...theirs.map((value, index) => Math.abs((ours[index] ?? NaN) - value) / Math.max(1, Math.abs(value))),
  );
}

describe.each(Object.entries(simulators))('%s', (name, create) => {
  const trajectories = Object.entries(table.trajectories).flatMap(([key, value]) => (key === name ? value : []));

  it('takes every single step as Gymnasium does', () => {
    let worst = 0;
    let steps = 0;
    for (const { states, actions } of trajectories) {
      for (const [index, state] of states.slice(0, -1).entries()) {
        const simulator = create();
        simulator.state.set(state);
        simulator.step(Float64Array.from(actions[index] ?? []));
        worst = Math.max(worst, difference(simulator.state, states[index + 1] ?? [NaN]));
        steps += 1;
      }
    }
    expect(steps).toBeGreaterThan(100);
    expect(worst).toBeLessThan(ONE_STEP);
  });

  it('follows whole trajectories, and ends where Gymnasium ends', () => {
    for (const { states, actions, terminated } of trajectories) {
      const simulator = create();
      simulator.state.set(states[0] ?? []);
      const ends = actions.map((value) => simulator.step(Float64Array.from(value)));
      expect(difference(simulator.state, states.at(-1) ?? [NaN])).toBeLessThan(WHOLE_TRAJECTORY);
      expect(ends.slice(0, -1)).not.toContain(true);
      expect(ends.at(-1)).toBe(terminated);
    }
  });
});
