import { Environment } from '@rewardsmith/contracts';
import type { BuiltinEnvironment } from './builtin.ts';
import { around, settle, type Variation } from './dynamics.ts';
import { type Random, uniform } from './random.ts';
import type { Simulator } from './simulator.ts';

const dynamics = around({ gravity: 10.0, mass: 1.0, length: 1.0 });
const maxSpeed = 8.0;
const maxTorque = 2.0;
const dt = 0.05;

const definition = Environment.parse({
  name: 'pendulum',
  description:
    'Swing a torque-limited pendulum from any angle up to the inverted position and hold it there. The motor is too weak to lift the pendulum directly, so it has to be swung back and forth to gain energy. What counts is the share of the time spent balanced.',
  observation: [
    {
      name: 'cosAngle',
      shape: [],
      unit: '1',
      low: -1,
      high: 1,
      description: 'Cosine of the angle; 1 is straight up, -1 hangs down',
    },
    {
      name: 'sinAngle',
      shape: [],
      unit: '1',
      low: -1,
      high: 1,
      description: 'Sine of the angle, positive counter-clockwise',
    },
    {
      name: 'angularVelocity',
      shape: [],
      unit: 'rad/s',
      low: -maxSpeed,
      high: maxSpeed,
      description: 'Angular velocity, positive counter-clockwise',
    },
  ],
  action: { kind: 'continuous', shape: [1], low: -maxTorque, high: maxTorque, names: ['torque'], unit: 'N m' },
  constants: { ...settle(dynamics), maxSpeed, maxTorque, dt, uprightCosine: 0.95, uprightSpeed: 1.0 },
  maxEpisodeSteps: 200,
});

/** Gymnasium's `Pendulum-v1`: a rod about its end, integrated by semi-implicit Euler; angle 0 is straight up. */
export class Pendulum implements Simulator {
  /** Angle, not wrapped, and angular velocity. */
  readonly state = new Float64Array(2);
  readonly observation = new Float64Array(3);
  readonly #dynamics: ReturnType<typeof settle<keyof typeof dynamics>>;

  constructor(variation?: Variation) {
    this.#dynamics = settle(dynamics, variation);
  }

  reset(random: Random): void {
    this.state[0] = uniform(random, -Math.PI, Math.PI);
    this.state[1] = uniform(random, -1, 1);
    this.#observe();
  }

  step(action: Float64Array): boolean {
    const { state } = this;
    const { gravity, mass, length } = this.#dynamics;
    const torque = Math.min(Math.max(action[0] ?? 0, -maxTorque), maxTorque);
    const angle = state[0] ?? 0;
    const acceleration = ((3 * gravity) / (2 * length)) * Math.sin(angle) + (3 / (mass * length * length)) * torque;
    const velocity = Math.min(Math.max((state[1] ?? 0) + acceleration * dt, -maxSpeed), maxSpeed);
    state[0] = angle + velocity * dt;
    state[1] = velocity;
    this.#observe();
    return false;
  }

  #observe(): void {
    const angle = this.state[0] ?? 0;
    this.observation[0] = Math.cos(angle);
    this.observation[1] = Math.sin(angle);
    this.observation[2] = this.state[1] ?? 0;
  }
}

export const pendulum: BuiltinEnvironment = {
  definition,
  success: `// Balanced: within about 18 degrees of upright, and slow.
export function success({ next, env }) {
  return next.cosAngle > env.uprightCosine && Math.abs(next.angularVelocity) < env.uprightSpeed;
}
`,
  fitness: {
    source: `// The share of steps spent balanced.
export function success({ next, env }) {
  return next.cosAngle > env.uprightCosine && Math.abs(next.angularVelocity) < env.uprightSpeed;
}
`,
    aggregate: 'mean',
  },
  // Swinging up takes about a fifth of an episode.
  solvedAt: 0.75,
  sparseReward: `// One for a balanced step, nothing else.
export function reward({ next, env }) {
  const balanced = next.cosAngle > env.uprightCosine && Math.abs(next.angularVelocity) < env.uprightSpeed;
  return { balanced: balanced ? 1 : 0 };
}
`,
  humanReward: `// Gymnasium's Pendulum-v1: squared angle, speed and torque, of the state before the step.
export function reward({ obs, action }) {
  const angle = Math.atan2(obs.sinAngle, obs.cosAngle);
  return {
    angle: -angle * angle,
    speed: -0.1 * obs.angularVelocity * obs.angularVelocity,
    torque: -0.001 * action[0] * action[0],
  };
}
`,
  training: { environmentSteps: 2_000_000, seeds: 3, screen: 0.4 },
  dynamics,
  create: (variation) => new Pendulum(variation),
};
