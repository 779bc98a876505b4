import { Environment } from '@rewardsmith/contracts';
import type { BuiltinEnvironment } from './builtin.ts';
import { around, settle, type Variation } from './dynamics.ts';
import { type Random, uniform } from './random.ts';
import type { Simulator } from './simulator.ts';

const minPosition = -1.2;
const maxPosition = 0.6;
const maxSpeed = 0.07;
const goalPosition = 0.45;
const goalVelocity = 0;
// Further apart, the hill can be driven up without a swing, or not at all in time.
const dynamics = around({ power: 0.0015, gravity: 0.0025 }, 0.15);

const definition = Environment.parse({
  name: 'mountain-car-continuous',
  description:
    'An underpowered car in a valley must reach the flag on the right-hand hill. The force on the car is continuous, and fuel matters: reach the goal with as little squared force as possible. Doing nothing at all is not an acceptable way to save fuel. The episode ends at the flag.',
  observation: [
    {
      name: 'position',
      shape: [],
      unit: 'm',
      low: minPosition,
      high: maxPosition,
      description: 'Position along the horizontal axis; the valley is lowest at -0.52',
    },
    {
      name: 'velocity',
      shape: [],
      unit: 'm/step',
      low: -maxSpeed,
      high: maxSpeed,
      description: 'Velocity, positive to the right',
    },
  ],
  action: { kind: 'continuous', shape: [1], low: -1, high: 1, names: ['force'] },
  constants: { goalPosition, goalVelocity, minPosition, maxPosition, maxSpeed, ...settle(dynamics) },
  maxEpisodeSteps: 999,
});

/** Moore (1990) with a continuous force, as in Gymnasium's `MountainCarContinuous-v0`, in double precision. */
export class MountainCarContinuous implements Simulator {
  /** Position and velocity. */
  readonly state = new Float64Array(2);
  readonly observation = this.state;
  readonly #dynamics: ReturnType<typeof settle<keyof typeof dynamics>>;

  constructor(variation?: Variation) {
    this.#dynamics = settle(dynamics, variation);
  }

  reset(random: Random): void {
    this.state[0] = uniform(random, -0.6, -0.4);
    this.state[1] = 0;
  }

  step(action: Float64Array): boolean {
    const { state } = this;
    const { power, gravity } = this.#dynamics;
    const force = Math.min(Math.max(action[0] ?? 0, -1), 1);
    let position = state[0] ?? 0;
    let velocity = (state[1] ?? 0) + (force * power - gravity * Math.cos(3 * position));
    velocity = Math.min(Math.max(velocity, -maxSpeed), maxSpeed);
    position = Math.min(Math.max(position + velocity, minPosition), maxPosition);
    if (position === minPosition && velocity < 0) velocity = 0;
    state[0] = position;
    state[1] = velocity;
    return position >= goalPosition && velocity >= goalVelocity;
  }
}

export const mountainCarContinuous: BuiltinEnvironment = {
  definition,
  success: `// The car has reached the flag.
export function success({ next, env }) {
  return next.position >= env.goalPosition && next.velocity >= env.goalVelocity;
}
`,
  fitness: {
    source: `// 100 for reaching the flag, less a tenth of the squared force of every step.
export function success({ action, next, env }) {
  const reached = next.position >= env.goalPosition && next.velocity >= env.goalVelocity;
  return (reached ? 100 : 0) - 0.1 * action[0] * action[0];
}
`,
    aggregate: 'sum',
  },
  // Gymnasium's reward threshold of MountainCarContinuous-v0.
  solvedAt: 90,
  sparseReward: `// One at the flag, nothing else.
export function reward({ next, env }) {
  const reached = next.position >= env.goalPosition && next.velocity >= env.goalVelocity;
  return { reached: reached ? 1 : 0 };
}
`,
  humanReward: `// Gymnasium's MountainCarContinuous-v0.
export function reward({ action, next, env }) {
  const reached = next.position >= env.goalPosition && next.velocity >= env.goalVelocity;
  return { reached: reached ? 100 : 0, fuel: -0.1 * action[0] * action[0] };
}
`,
  training: { environmentSteps: 500_000, seeds: 3, screen: 0.2 },
  dynamics,
  create: (variation) => new MountainCarContinuous(variation),
};
