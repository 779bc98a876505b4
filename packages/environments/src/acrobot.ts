import { Environment } from '@rewardsmith/contracts';
import type { BuiltinEnvironment } from './builtin.ts';
import { around, settle, type Variation } from './dynamics.ts';
import { type Random, uniform } from './random.ts';
import type { Simulator } from './simulator.ts';

const dynamics = around({ linkMass1: 1.0, linkMass2: 1.0, linkInertia: 1.0, gravity: 9.8, maxTorque: 1.0 });
const linkLength1 = 1.0;
const linkLength2 = 1.0;
const centre1 = 0.5;
const centre2 = 0.5;
const maxVelocity1 = 4 * Math.PI;
const maxVelocity2 = 9 * Math.PI;
const dt = 0.2;
const goalHeight = 1.0;

const angle = (name: string, description: string) => ({ name, shape: [], unit: '1', low: -1, high: 1, description });

const definition = Environment.parse({
  name: 'acrobot',
  description:
    'A two-link arm hangs from a fixed pivot; only the joint between the links is actuated. Swing the free end up until it is one link length above the pivot, as quickly as possible. The episode ends when it gets there.',
  observation: [
    angle('cosTheta1', 'Cosine of the first joint angle; angle 0 hangs straight down'),
    angle('sinTheta1', 'Sine of the first joint angle'),
    angle('cosTheta2', 'Cosine of the second joint angle, relative to the first link'),
    angle('sinTheta2', 'Sine of the second joint angle, relative to the first link'),
    {
      name: 'angularVelocity1',
      shape: [],
      unit: 'rad/s',
      low: -maxVelocity1,
      high: maxVelocity1,
      description: 'Angular velocity of the first joint',
    },
    {
      name: 'angularVelocity2',
      shape: [],
      unit: 'rad/s',
      low: -maxVelocity2,
      high: maxVelocity2,
      description: 'Angular velocity of the second joint',
    },
  ],
  action: { kind: 'discrete', n: 3, names: ['torqueNegative', 'noTorque', 'torquePositive'] },
  constants: { ...settle(dynamics), linkLength1, linkLength2, maxVelocity1, maxVelocity2, goalHeight, dt },
  maxEpisodeSteps: 500,
});

/**
 * Sutton and Barto's acrobot (Sutton 1996; "book" equations), one Runge-Kutta step of fourth order a step, as in
 * Gymnasium's `Acrobot-v1`.
 */
export class Acrobot implements Simulator {
  /** Both joint angles in [-pi, pi], then both angular velocities. */
  readonly state = new Float64Array(4);
  readonly observation = new Float64Array(6);
  readonly #slope = new Float64Array(4);
  readonly #probe = new Float64Array(4);
  readonly #sum = new Float64Array(4);
  readonly #dynamics: ReturnType<typeof settle<keyof typeof dynamics>>;

  constructor(variation?: Variation) {
    this.#dynamics = settle(dynamics, variation);
  }

  reset(random: Random): void {
    for (let index = 0; index < 4; index += 1) this.state[index] = uniform(random, -0.1, 0.1);
    this.#observe();
  }

  step(action: Float64Array): boolean {
    const torque = ((action[0] ?? 1) - 1) * this.#dynamics.maxTorque;
    const sum = this.#sum;
    const slope = this.#slope;
    const { state } = this;
    sum.fill(0);
    this.#probe.set(state);
    for (let stage = 0; stage < 4; stage += 1) {
      this.#derive(torque);
      const weight = stage === 1 || stage === 2 ? 2 : 1;
      const reach = stage === 2 ? dt : dt / 2;
      for (let index = 0; index < 4; index += 1) {
        const rate = slope[index] ?? 0;
        sum[index] = (sum[index] ?? 0) + weight * rate;
        this.#probe[index] = (state[index] ?? 0) + reach * rate;
      }
    }
    for (let index = 0; index < 4; index += 1) {
      const value = (state[index] ?? 0) + (dt / 6) * (sum[index] ?? 0);
      const speed = index === 2 ? maxVelocity1 : maxVelocity2;
      state[index] = index < 2 ? wrap(value) : Math.min(Math.max(value, -speed), speed);
    }
    this.#observe();
    const { observation } = this;
    const cosine1 = observation[0] ?? 0;
    const cosineBoth = cosine1 * (observation[2] ?? 0) - (observation[1] ?? 0) * (observation[3] ?? 0);
    return -cosine1 - cosineBoth > goalHeight;
  }

  /** Time derivative of the probe state into `#slope`. */
  #derive(torque: number): void {
    const probe = this.#probe;
    const { linkMass1, linkMass2, linkInertia, gravity } = this.#dynamics;
    const theta1 = probe[0] ?? 0;
    const theta2 = probe[1] ?? 0;
    const velocity1 = probe[2] ?? 0;
    const velocity2 = probe[3] ?? 0;
    const cos2 = Math.cos(theta2);
    const sin2 = Math.sin(theta2);
    const d1 =
      linkMass1 * centre1 * centre1 +
      linkMass2 * (linkLength1 * linkLength1 + centre2 * centre2 + 2 * linkLength1 * centre2 * cos2) +
      linkInertia +
      linkInertia;
    const d2 = linkMass2 * (centre2 * centre2 + linkLength1 * centre2 * cos2) + linkInertia;
    const phi2 = linkMass2 * centre2 * gravity * Math.cos(theta1 + theta2 - Math.PI / 2);
    const coupling = linkMass2 * linkLength1 * centre2 * sin2;
    const phi1 =
      -coupling * velocity2 * velocity2 -
      2 * coupling * velocity2 * velocity1 +
      (linkMass1 * centre1 + linkMass2 * linkLength1) * gravity * Math.cos(theta1 - Math.PI / 2) +
      phi2;
    const acceleration2 =
      (torque + (d2 / d1) * phi1 - coupling * velocity1 * velocity1 - phi2) /
      (linkMass2 * centre2 * centre2 + linkInertia - (d2 * d2) / d1);
    this.#slope[0] = velocity1;
    this.#slope[1] = velocity2;
    this.#slope[2] = -(d2 * acceleration2 + phi1) / d1;
    this.#slope[3] = acceleration2;
  }

  #observe(): void {
    const { state, observation } = this;
    const theta1 = state[0] ?? 0;
    const theta2 = state[1] ?? 0;
    observation[0] = Math.cos(theta1);
    observation[1] = Math.sin(theta1);
    observation[2] = Math.cos(theta2);
    observation[3] = Math.sin(theta2);
    observation[4] = state[2] ?? 0;
    observation[5] = state[3] ?? 0;
  }
}

function wrap(radians: number): number {
  let wrapped = radians;
  while (wrapped > Math.PI) wrapped -= 2 * Math.PI;
  while (wrapped < -Math.PI) wrapped += 2 * Math.PI;
  return wrapped;
}

const height = '-next.cosTheta1 - (next.cosTheta1 * next.cosTheta2 - next.sinTheta1 * next.sinTheta2)';

export const acrobot: BuiltinEnvironment = {
  definition,
  success: `// The free end is above the line; cos(a + b) is written out.
export function success({ next, env }) {
  return ${height} > env.goalHeight;
}
`,
  fitness: {
    source: `// Steps taken until the free end is above the line, counted down: Gymnasium's return.
export function success({ next, env }) {
  return ${height} > env.goalHeight ? 0 : -1;
}
`,
    aggregate: 'sum',
  },
  // Gymnasium's reward threshold of Acrobot-v1.
  solvedAt: -100,
  sparseReward: `// One when the free end is above the line, nothing else.
export function reward({ next, env }) {
  return { reached: ${height} > env.goalHeight ? 1 : 0 };
}
`,
  humanReward: `// Gymnasium's Acrobot-v1: minus one for every step until the goal.
export function reward({ next, env }) {
  return { time: ${height} > env.goalHeight ? 0 : -1 };
}
`,
  training: { environmentSteps: 500_000, seeds: 3, screen: 0.2 },
  dynamics,
  create: (variation) => new Acrobot(variation),
};
