import { Environment } from '@rewardsmith/contracts';
import type { BuiltinEnvironment } from './builtin.ts';
import { around, settle, type Variation } from './dynamics.ts';
import { type Random, uniform } from './random.ts';
import type { Simulator } from './simulator.ts';
import { accelerateArm } from './two-link-motion.ts';

const dt = 0.04;
const dynamics = around({
  upperLength: 0.5,
  foreLength: 0.5,
  upperMass: 1.0,
  foreMass: 1.0,
  shoulderFriction: 1.5,
  elbowFriction: 0.4,
  shoulderTorque: 8.0,
  elbowTorque: 2.5,
});
const published = settle(dynamics);
const reach = published.upperLength + published.foreLength;
/** Targets lie between these distances from the shoulder: within reach of an arm that is a fifth shorter. */
const nearest = 0.2;
const furthest = 0.75;

const unit = (name: string, description: string) => ({ name, shape: [], unit: '1', low: -1, high: 1, description });
const place = (name: string, description: string) => ({
  name,
  shape: [2],
  unit: 'm',
  low: -1.2 * reach,
  high: 1.2 * reach,
  description,
});
const turn = (name: string, description: string) => ({ name, shape: [], unit: 'rad/s', description });

const definition = Environment.parse({
  name: 'reacher',
  description:
    'An arm of two links lies in a horizontal plane, with a motor at the shoulder and one at the elbow. Bring its fingertip to the target, which is drawn anew for every episode, and hold it there until the time is up. What counts is the share of the time that the fingertip is within 10 cm of the target.',
  observation: [
    unit('cosShoulder', 'Cosine of the angle of the upper arm from the x axis'),
    unit('sinShoulder', 'Sine of the angle of the upper arm from the x axis'),
    unit('cosElbow', 'Cosine of the angle of the forearm from the upper arm; 1 is stretched'),
    unit('sinElbow', 'Sine of the angle of the forearm from the upper arm, positive counter-clockwise'),
    turn('shoulderVelocity', 'Angular velocity of the shoulder, positive counter-clockwise'),
    turn('elbowVelocity', 'Angular velocity of the elbow, positive counter-clockwise'),
    place('fingertip', 'The fingertip, x and y from the shoulder'),
    place('target', 'The target, x and y from the shoulder'),
    {
      name: 'targetOffset',
      shape: [2],
      unit: 'm',
      low: -2.2 * reach,
      high: 2.2 * reach,
      description: 'From the fingertip to the target along x and y',
    },
    {
      name: 'targetAlongForearm',
      shape: [2],
      unit: 'm',
      low: -2.2 * reach,
      high: 2.2 * reach,
      description: 'From the fingertip to the target as the forearm sees it: outwards along it, and to its left',
    },
    {
      name: 'targetDistance',
      shape: [],
      unit: 'm',
      low: 0,
      high: 2.2 * reach,
      description: 'Distance from the fingertip to the target',
    },
  ],
  action: { kind: 'continuous', shape: [2], low: -1, high: 1, names: ['shoulder', 'elbow'], unit: 'share of torque' },
  constants: { ...published, reach, goalDistance: 0.1, dt },
  maxEpisodeSteps: 75,
});

/** Two rods and two motors, one Runge-Kutta step of fourth order a step. */
export class Reacher implements Simulator {
  /** Angles of shoulder and elbow, not wrapped, then their velocities. */
  readonly state = new Float64Array(4);
  readonly observation = new Float64Array(15);
  readonly #dynamics: ReturnType<typeof settle<keyof typeof dynamics>>;
  readonly #target = new Float64Array(2);
  readonly #torque = new Float64Array(2);
  readonly #acceleration = new Float64Array(2);
  readonly #probe = new Float64Array(4);
  readonly #sum = new Float64Array(4);

  constructor(variation?: Variation) {
    this.#dynamics = settle(dynamics, variation);
  }

  reset(random: Random): void {
    this.state[0] = uniform(random, -Math.PI, Math.PI);
    this.state[1] = uniform(random, -2, 2);
    this.state[2] = 0;
    this.state[3] = 0;
    const distance = uniform(random, nearest, furthest);
    const angle = uniform(random, -Math.PI, Math.PI);
    this.#target[0] = distance * Math.cos(angle);
    this.#target[1] = distance * Math.sin(angle);
    this.#observe();
  }

  step(action: Float64Array): boolean {
    const { state } = this;
    const acceleration = this.#acceleration;
    const probe = this.#probe;
    const sum = this.#sum;
    this.#torque[0] = Math.min(Math.max(action[0] ?? 0, -1), 1) * this.#dynamics.shoulderTorque;
    this.#torque[1] = Math.min(Math.max(action[1] ?? 0, -1), 1) * this.#dynamics.elbowTorque;
    sum.fill(0);
    probe.set(state);
    for (let stage = 0; stage < 4; stage += 1) {
      accelerateArm(acceleration, this.#dynamics, probe[1] ?? 0, probe[2] ?? 0, probe[3] ?? 0, this.#torque);
      const weight = stage === 1 || stage === 2 ? 2 : 1;
      const ahead = stage === 2 ? dt : dt / 2;
      for (let joint = 0; joint < 2; joint += 1) {
        const velocity = probe[2 + joint] ?? 0;
        const change = acceleration[joint] ?? 0;
        sum[joint] = (sum[joint] ?? 0) + weight * velocity;
        sum[2 + joint] = (sum[2 + joint] ?? 0) + weight * change;
        probe[joint] = (state[joint] ?? 0) + ahead * velocity;
        probe[2 + joint] = (state[2 + joint] ?? 0) + ahead * change;
      }
    }
    for (let index = 0; index < 4; index += 1) state[index] = (state[index] ?? 0) + (dt / 6) * (sum[index] ?? 0);
    this.#observe();
    return false;
  }

  #observe(): void {
    const { observation, state } = this;
    const { upperLength, foreLength } = this.#dynamics;
    const shoulder = state[0] ?? 0;
    const along = shoulder + (state[1] ?? 0);
    const cos = Math.cos(along);
    const sin = Math.sin(along);
    const x = upperLength * Math.cos(shoulder) + foreLength * cos;
    const y = upperLength * Math.sin(shoulder) + foreLength * sin;
    const right = (this.#target[0] ?? 0) - x;
    const up = (this.#target[1] ?? 0) - y;
    observation[0] = Math.cos(shoulder);
    observation[1] = Math.sin(shoulder);
    observation[2] = Math.cos(state[1] ?? 0);
    observation[3] = Math.sin(state[1] ?? 0);
    observation[4] = state[2] ?? 0;
    observation[5] = state[3] ?? 0;
    observation[6] = x;
    observation[7] = y;
    observation[8] = this.#target[0] ?? 0;
    observation[9] = this.#target[1] ?? 0;
    observation[10] = right;
    observation[11] = up;
    observation[12] = right * cos + up * sin;
    observation[13] = up * cos - right * sin;
    observation[14] = Math.sqrt(right * right + up * up);
  }
}

export const reacher: BuiltinEnvironment = {
  definition,
  success: `// The fingertip is at the target.
export function success({ next, env }) {
  return next.targetDistance < env.goalDistance;
}
`,
  fitness: {
    source: `// The share of steps with the fingertip at the target.
export function success({ next, env }) {
  return next.targetDistance < env.goalDistance;
}
`,
    aggregate: 'mean',
  },
  // Getting there takes about a third of an episode.
  solvedAt: 0.4,
  sparseReward: `// One for a step at the target, nothing else.
export function reward({ next, env }) {
  return { there: next.targetDistance < env.goalDistance ? 1 : 0 };
}
`,
  humanReward: `// The form of Gymnasium's Reacher: the distance, and the squared effort.
export function reward({ next, action }) {
  return { distance: -next.targetDistance, effort: -0.1 * (action[0] * action[0] + action[1] * action[1]) };
}
`,
  training: { environmentSteps: 1_500_000, seeds: 3, screen: 0.4 },
  policyFields: ['cosElbow', 'sinElbow', 'shoulderVelocity', 'elbowVelocity', 'targetAlongForearm'],
  dynamics,
  create: (variation) => new Reacher(variation),
};
