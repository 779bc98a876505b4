import { Environment } from '@rewardsmith/contracts';
import type { BuiltinEnvironment } from './builtin.ts';
import { around, settle, type Variation } from './dynamics.ts';
import { mujocoLibrary } from './mujoco/library.ts';
import { Mechanism } from './mujoco/mechanism.ts';
import { type Random, uniform } from './random.ts';
import type { Simulator } from './simulator.ts';

const timestep = 0.02;
const substeps = 2;
const tableHalf = 0.6;
const handRadius = 0.04;
const puckRadius = 0.06;
const goalRadius = 0.1;
const dynamics = around({ handMass: 0.5, puckMass: 0.3, slide: 3.0, strength: 6.0, contactFriction: 0.5 });

const place = (name: string, description: string) => ({
  name,
  shape: [2],
  unit: 'm',
  low: -tableHalf,
  high: tableHalf,
  description: `${description}, x and y from the middle of the table; held at the bounds`,
});
const offset = (name: string, description: string) => ({
  name,
  shape: [2],
  unit: 'm',
  low: -2 * tableHalf,
  high: 2 * tableHalf,
  description,
});
const distance = (name: string, description: string) => ({
  name,
  shape: [],
  unit: 'm',
  low: 0,
  high: 3 * tableHalf,
  description,
});
const motion = (name: string, description: string) => ({ name, shape: [2], unit: 'm/s', description });

const definition = Environment.parse({
  name: 'pusher',
  description:
    'A round hand moves over a table, pushed along x and y; a puck lies to its right and stops when it is not pushed. Push the puck onto the goal further to the right. Hand, puck and goal start anew for every episode. What counts is the share of the time that the puck is on the goal.',
  observation: [
    place('hand', 'The hand'),
    place('puck', 'The puck'),
    place('goal', 'The goal'),
    motion('handVelocity', 'Velocity of the hand along x and y'),
    motion('puckVelocity', 'Velocity of the puck along x and y'),
    offset('puckOffset', 'From the hand to the puck along x and y'),
    offset('goalOffset', 'From the puck to the goal along x and y'),
    distance('puckDistance', 'Distance from the hand to the puck; they touch at 0.1'),
    distance('goalDistance', 'Distance from the puck to the goal'),
  ],
  action: { kind: 'continuous', shape: [2], low: -1, high: 1, names: ['x', 'y'], unit: 'share of force' },
  constants: { tableHalf, handRadius, puckRadius, goalRadius, ...settle(dynamics), dt: timestep * substeps },
  maxEpisodeSteps: 75,
});

/** Two discs that slide in a plane without weight, the puck against a viscous table; the project's own measures. */
function mjcf(variation?: Variation): string {
  const { handMass, puckMass, slide, strength, contactFriction } = settle(dynamics, variation);
  const disc = (name: string, radius: number, mass: number, damping: number) => `
    <body name="${name}">
      <joint name="${name}X" type="slide" axis="1 0 0" range="${-tableHalf} ${tableHalf}" damping="${damping}"/>
      <joint name="${name}Y" type="slide" axis="0 1 0" range="${-tableHalf} ${tableHalf}" damping="${damping}"/>
      <geom type="sphere" size="${radius}" mass="${mass}" friction="${contactFriction} 0.005 0.0001"/>
    </body>`;
  return `
<mujoco model="pusher">
  <compiler angle="radian" autolimits="true"/>
  <option timestep="${timestep}" integrator="implicitfast" gravity="0 0 0"><flag autoreset="disable"/></option>
  <size memory="200K"/>
  <default><geom solref="0.05 1"/><motor ctrlrange="-1 1"/></default>
  <worldbody>
    ${disc('hand', handRadius, handMass, 4)}
    ${disc('puck', puckRadius, puckMass, slide)}
  </worldbody>
  <actuator>
    <motor joint="handX" gear="${strength}"/>
    <motor joint="handY" gear="${strength}"/>
  </actuator>
</mujoco>`;
}

/** Hand and puck, each along x and y, and the goal beside the model. */
class Pusher implements Simulator {
  readonly observation = new Float64Array(16);
  readonly #mechanism: Mechanism;
  readonly #goal = new Float64Array(2);

  constructor(variation?: Variation) {
    this.#mechanism = new Mechanism(mjcf(variation), substeps);
  }

  reset(random: Random): void {
    this.#mechanism.reset();
    const { qpos } = this.#mechanism;
    qpos[0] = uniform(random, -0.45, -0.35);
    qpos[1] = uniform(random, -0.2, 0.2);
    qpos[2] = uniform(random, -0.2, 0.0);
    qpos[3] = uniform(random, -0.15, 0.15);
    this.#goal[0] = uniform(random, 0.2, 0.4);
    this.#goal[1] = uniform(random, -0.2, 0.2);
    this.#mechanism.settle();
    this.#observe();
  }

  /** A state that is no longer finite ends the episode with the last reading that was. */
  step(action: Float64Array): boolean {
    if (!this.#mechanism.advance(action)) return true;
    this.#observe();
    return false;
  }

  #observe(): void {
    const { observation } = this;
    const { qpos, qvel } = this.#mechanism;
    for (let axis = 0; axis < 2; axis += 1) {
      const hand = Math.min(Math.max(qpos[axis] ?? 0, -tableHalf), tableHalf);
      const puck = Math.min(Math.max(qpos[2 + axis] ?? 0, -tableHalf), tableHalf);
      const goal = this.#goal[axis] ?? 0;
      observation[axis] = hand;
      observation[2 + axis] = puck;
      observation[4 + axis] = goal;
      observation[6 + axis] = qvel[axis] ?? 0;
      observation[8 + axis] = qvel[2 + axis] ?? 0;
      observation[10 + axis] = puck - hand;
      observation[12 + axis] = goal - puck;
    }
    observation[14] = Math.hypot(observation[10] ?? 0, observation[11] ?? 0);
    observation[15] = Math.hypot(observation[12] ?? 0, observation[13] ?? 0);
  }
}

export const pusher: BuiltinEnvironment = {
  definition,
  success: `// The puck is on the goal.
export function success({ next, env }) {
  return next.goalDistance < env.goalRadius;
}
`,
  fitness: {
    source: `// The share of steps with the puck on the goal.
export function success({ next, env }) {
  return next.goalDistance < env.goalRadius;
}
`,
    aggregate: 'mean',
  },
  solvedAt: 0.25,
  sparseReward: `// One for a step with the puck on the goal, nothing else.
export function reward({ next, env }) {
  return { there: next.goalDistance < env.goalRadius ? 1 : 0 };
}
`,
  humanReward: `// The form of Gymnasium's Pusher: hand to puck, puck to goal, squared effort.
export function reward({ action, next }) {
  return {
    touch: -0.5 * next.puckDistance,
    push: -next.goalDistance,
    effort: -0.01 * (action[0] * action[0] + action[1] * action[1]),
  };
}
`,
  training: { environmentSteps: 800_000, seeds: 3, screen: 0.5 },
  policyFields: ['handVelocity', 'puckOffset', 'goalOffset'],
  dynamics,
  library: mujocoLibrary,
  create: (variation) => new Pusher(variation),
};
