import { Environment } from '@rewardsmith/contracts';
import type { BuiltinEnvironment } from './builtin.ts';
import { accelerate } from './cart-pole-motion.ts';
import { around, settle, type Variation } from './dynamics.ts';
import { type Random, uniform } from './random.ts';
import type { Simulator } from './simulator.ts';

const dynamics = around({ gravity: 9.8, cartMass: 1.0, poleMass: 0.1, poleHalfLength: 0.5, pushForce: 10.0 });
const dt = 0.02;
const trackLimit = 2.4;
const angleLimit = (12 * 2 * Math.PI) / 360;

const definition = Environment.parse({
  name: 'cartpole',
  description:
    'A pole is hinged to a cart on a frictionless track. Push the cart left or right so that the pole stays upright for as long as possible. The episode ends when the pole leans past 12 degrees or the cart leaves the track.',
  observation: [
    {
      name: 'cartPosition',
      shape: [],
      unit: 'm',
      low: -4.8,
      high: 4.8,
      description: 'Cart position along the track, 0 in the middle, positive to the right',
    },
    { name: 'cartVelocity', shape: [], unit: 'm/s', description: 'Cart velocity, positive to the right' },
    {
      name: 'poleAngle',
      shape: [],
      unit: 'rad',
      low: -2 * angleLimit,
      high: 2 * angleLimit,
      description: 'Angle of the pole from the vertical, 0 is upright, positive leans right',
    },
    {
      name: 'poleAngularVelocity',
      shape: [],
      unit: 'rad/s',
      description: 'Angular velocity of the pole, positive to the right',
    },
  ],
  action: { kind: 'discrete', n: 2, names: ['pushLeft', 'pushRight'] },
  constants: { trackLimit, angleLimit, ...settle(dynamics), dt },
  maxEpisodeSteps: 500,
});

/** Barto, Sutton and Anderson (1983), integrated by Euler's method as in Gymnasium's `CartPole-v1`. */
export class CartPole implements Simulator {
  /** Cart position and velocity, pole angle and angular velocity. */
  readonly state = new Float64Array(4);
  readonly observation = this.state;
  readonly #acceleration = { cart: 0, pole: 0 };
  readonly #dynamics: ReturnType<typeof settle<keyof typeof dynamics>>;

  constructor(variation?: Variation) {
    this.#dynamics = settle(dynamics, variation);
  }

  reset(random: Random): void {
    for (let index = 0; index < 4; index += 1) this.state[index] = uniform(random, -0.05, 0.05);
  }

  step(action: Float64Array): boolean {
    const { state } = this;
    const { pushForce } = this.#dynamics;
    const velocity = state[1] ?? 0;
    const angle = state[2] ?? 0;
    const angularVelocity = state[3] ?? 0;
    const force = action[0] === 1 ? pushForce : -pushForce;
    const acceleration = this.#acceleration;
    accelerate(acceleration, this.#dynamics, angle, angularVelocity, force);
    const nextPosition = (state[0] ?? 0) + dt * velocity;
    const nextAngle = angle + dt * angularVelocity;
    state[0] = nextPosition;
    state[1] = velocity + dt * acceleration.cart;
    state[2] = nextAngle;
    state[3] = angularVelocity + dt * acceleration.pole;
    return Math.abs(nextPosition) > trackLimit || Math.abs(nextAngle) > angleLimit;
  }
}

export const cartpole: BuiltinEnvironment = {
  definition,
  success: `// The pole is still up and the cart still on the track when the time is up.
export function success({ next, truncated, env }) {
  return truncated && Math.abs(next.poleAngle) <= env.angleLimit && Math.abs(next.cartPosition) <= env.trackLimit;
}
`,
  fitness: {
    source: `// One point for every step survived.
export function success({ terminated }) {
  return !terminated;
}
`,
    aggregate: 'sum',
  },
  // Gymnasium's reward threshold of CartPole-v1.
  solvedAt: 475,
  sparseReward: `// Sutton and Barto: a penalty where the episode fails, nothing else.
export function reward({ terminated }) {
  return { failed: terminated ? -1 : 0 };
}
`,
  humanReward: `// Gymnasium's CartPole-v1: one point a step.
export function reward() {
  return { alive: 1 };
}
`,
  training: { environmentSteps: 200_000, seeds: 3, screen: 0.2 },
  dynamics,
  create: (variation) => new CartPole(variation),
};
