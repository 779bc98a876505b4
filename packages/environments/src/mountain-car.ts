import { Environment } from '@rewardsmith/contracts';
import type { BuiltinEnvironment } from './builtin.ts';
import { around, settle, type Variation } from './dynamics.ts';
import { type Random, uniform } from './random.ts';
import type { Simulator } from './simulator.ts';

const minPosition = -1.2;
const maxPosition = 0.6;
const maxSpeed = 0.07;
const goalPosition = 0.5;
const goalVelocity = 0;
const dynamics = around({ force: 0.001, gravity: 0.0025 }, 0.1);

const definition = Environment.parse({
  name: 'mountain-car',
  description:
    'An underpowered car in a valley must reach the flag on the right-hand hill, in as few steps as possible. The engine pushes left or right at full force, or rests; it is too weak to climb the hill at once, so the car has to swing to and fro to gain speed. The episode ends at the flag.',
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
  action: { kind: 'discrete', n: 3, names: ['pushLeft', 'rest', 'pushRight'] },
  constants: { goalPosition, goalVelocity, minPosition, maxPosition, maxSpeed, ...settle(dynamics) },
  maxEpisodeSteps: 200,
});

/** Moore (1990), as in Gymnasium's `MountainCar-v0`. */
export class MountainCar implements Simulator {
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
    const { force, gravity } = this.#dynamics;
    let position = state[0] ?? 0;
    let velocity = (state[1] ?? 0) + (((action[0] ?? 1) - 1) * force - gravity * Math.cos(3 * position));
    velocity = Math.min(Math.max(velocity, -maxSpeed), maxSpeed);
    position = Math.min(Math.max(position + velocity, minPosition), maxPosition);
    if (position === minPosition && velocity < 0) velocity = 0;
    state[0] = position;
    state[1] = velocity;
    return position >= goalPosition && velocity >= goalVelocity;
  }
}

const reached = 'next.position >= env.goalPosition && next.velocity >= env.goalVelocity';

export const mountainCar: BuiltinEnvironment = {
  definition,
  success: `// The car has reached the flag.
export function success({ next, env }) {
  return ${reached};
}
`,
  fitness: {
    source: `// Steps taken until the flag, counted down: Gymnasium's return.
export function success({ next, env }) {
  return ${reached} ? 0 : -1;
}
`,
    aggregate: 'sum',
  },
  // Gymnasium's reward threshold of MountainCar-v0.
  solvedAt: -110,
  sparseReward: `// One at the flag, nothing else.
export function reward({ next, env }) {
  return { reached: ${reached} ? 1 : 0 };
}
`,
  humanReward: `// Gymnasium's MountainCar-v0: minus one for every step.
export function reward() {
  return { time: -1 };
}
`,
  training: { environmentSteps: 500_000, seeds: 3, screen: 0.2 },
  dynamics,
  create: (variation) => new MountainCar(variation),
};
