import { Environment } from '@rewardsmith/contracts';
import type { BuiltinEnvironment } from './builtin.ts';
import { accelerate } from './cart-pole-motion.ts';
import { around, settle, type Variation } from './dynamics.ts';
import { type Random, uniform } from './random.ts';
import type { Simulator } from './simulator.ts';

const trackLimit = 2.4;
const dt = 0.02;
const maxEpisodeSteps = 250;
const dynamics = around({ gravity: 9.8, cartMass: 1.0, poleMass: 0.1, poleHalfLength: 0.5, maxForce: 6.0 });

const unit = (name: string, description: string) => ({ name, shape: [], unit: '1', low: -1, high: 1, description });

const definition = Environment.parse({
  name: 'cartpole-swing-up',
  description:
    'A pole hangs from a cart on a frictionless track. Push the cart with any force up to 6 N to swing the pole up, and balance it near the middle of the track until the time is up. The episode ends when the cart leaves the track. What counts is the number of steps spent balanced.',
  observation: [
    {
      name: 'cartPosition',
      shape: [],
      unit: 'm',
      low: -1.25 * trackLimit,
      high: 1.25 * trackLimit,
      description: 'Cart position along the track, 0 in the middle, positive to the right',
    },
    { name: 'cartVelocity', shape: [], unit: 'm/s', description: 'Cart velocity, positive to the right' },
    unit('cosAngle', 'Cosine of the angle of the pole from the vertical; 1 is upright, -1 hangs down'),
    unit('sinAngle', 'Sine of the angle of the pole from the vertical, positive leans right'),
    {
      name: 'angularVelocity',
      shape: [],
      unit: 'rad/s',
      description: 'Angular velocity of the pole, positive to the right',
    },
  ],
  action: { kind: 'continuous', shape: [1], low: -1, high: 1, names: ['push'], unit: 'share of maxForce' },
  constants: { trackLimit, ...settle(dynamics), dt, uprightCosine: 0.95, uprightSpeed: 1.5, centreLimit: 1.0 },
  maxEpisodeSteps,
});

/** The cart and pole of `CartPole-v1` without a limit to the angle, under a force of any size, by semi-implicit Euler. */
export class CartPoleSwingUp implements Simulator {
  /** Cart position and velocity, pole angle (not wrapped, 0 is upright) and angular velocity. */
  readonly state = new Float64Array(4);
  readonly observation = new Float64Array(5);
  readonly #acceleration = { cart: 0, pole: 0 };
  readonly #dynamics: ReturnType<typeof settle<keyof typeof dynamics>>;

  constructor(variation?: Variation) {
    this.#dynamics = settle(dynamics, variation);
  }

  reset(random: Random): void {
    this.state[0] = uniform(random, -0.1, 0.1);
    this.state[1] = uniform(random, -0.05, 0.05);
    this.state[2] = Math.PI + uniform(random, -0.1, 0.1);
    this.state[3] = uniform(random, -0.05, 0.05);
    this.#observe();
  }

  step(action: Float64Array): boolean {
    const { state } = this;
    const acceleration = this.#acceleration;
    const force = Math.min(Math.max(action[0] ?? 0, -1), 1) * this.#dynamics.maxForce;
    accelerate(acceleration, this.#dynamics, state[2] ?? 0, state[3] ?? 0, force);
    const velocity = (state[1] ?? 0) + dt * acceleration.cart;
    const angularVelocity = (state[3] ?? 0) + dt * acceleration.pole;
    state[0] = (state[0] ?? 0) + dt * velocity;
    state[1] = velocity;
    state[2] = (state[2] ?? 0) + dt * angularVelocity;
    state[3] = angularVelocity;
    this.#observe();
    return Math.abs(state[0]) > trackLimit;
  }

  #observe(): void {
    const { state, observation } = this;
    const angle = state[2] ?? 0;
    observation[0] = state[0] ?? 0;
    observation[1] = state[1] ?? 0;
    observation[2] = Math.cos(angle);
    observation[3] = Math.sin(angle);
    observation[4] = state[3] ?? 0;
  }
}

const balanced = `
    next.cosAngle > env.uprightCosine &&
    Math.abs(next.angularVelocity) < env.uprightSpeed &&
    Math.abs(next.cartPosition) < env.centreLimit`;

export const cartpoleSwingUp: BuiltinEnvironment = {
  definition,
  success: `// Balanced: within about 18 degrees of upright, slow, and near the middle.
export function success({ next, env }) {
  return (${balanced}
  );
}
`,
  fitness: {
    source: `// One point for every balanced step.
export function success({ next, env }) {
  return (${balanced}
  );
}
`,
    aggregate: 'sum',
  },
  // Swinging up takes about two seconds of five.
  solvedAt: 110,
  sparseReward: `// One for a balanced step, nothing else.
export function reward({ next, env }) {
  const balanced = (${balanced}
  );
  return { balanced: balanced ? 1 : 0 };
}
`,
  humanReward: `// The form of dm_control's swing-up: upright, times centred, gently driven and slow.
export function reward({ next, action }) {
  const upright = (next.cosAngle + 1) / 2;
  const centred = (1 + tolerance(next.cartPosition, [0, 0], 2)) / 2;
  const gentle = (4 + tolerance(action[0], [0, 0], 1, { sigmoid: 'quadratic', valueAtMargin: 0 })) / 5;
  const slow = (1 + tolerance(next.angularVelocity, [0, 0], 5)) / 2;
  return { swing: upright * centred * gentle * slow };
}
`,
  training: { environmentSteps: 2_000_000, seeds: 3, screen: 0.2 },
  dynamics,
  create: (variation) => new CartPoleSwingUp(variation),
};
