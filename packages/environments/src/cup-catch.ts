import { Environment } from '@rewardsmith/contracts';
import type { BuiltinEnvironment } from './builtin.ts';
import { around, settle, type Variation } from './dynamics.ts';
import { mujocoLibrary } from './mujoco/library.ts';
import { Mechanism } from './mujoco/mechanism.ts';
import { type Random, uniform } from './random.ts';
import type { Simulator } from './simulator.ts';

const timestep = 0.005;
const substeps = 4;
const cupReach = 0.5;
const cupWidth = 0.12;
const cupDepth = 0.14;
const ballRadius = 0.03;
const dynamics = around({ stringLength: 0.35, ballMass: 0.06, cupMass: 0.3, strength: 8.0, gravity: 9.81 });
const published = settle(dynamics);

const pair = (name: string, unit: string, description: string) => ({ name, shape: [2], unit, description });

const definition = Environment.parse({
  name: 'cup-catch',
  description:
    'A cup moves in the vertical plane, pushed sideways and up or down; a ball hangs from its bottom on a string. Swing or throw the ball up so that it falls into the cup, and keep it there until the time is up. What counts is the share of the time that the ball is in the cup.',
  observation: [
    {
      ...pair('cupPosition', 'm', 'The cup, to the right and up from where it started; held at the bounds'),
      low: -cupReach,
      high: cupReach,
    },
    pair('cupVelocity', 'm/s', 'Velocity of the cup, to the right and up'),
    {
      ...pair('ballOffset', 'm', 'From the middle of the cup to the ball, to the right and up; held at the bounds'),
      low: -1.5 * published.stringLength,
      high: 1.5 * published.stringLength,
    },
    pair('ballVelocity', 'm/s', 'Velocity of the ball, to the right and up'),
    {
      name: 'ballDistance',
      shape: [],
      unit: 'm',
      low: 0,
      high: 3 * published.stringLength,
      description: 'Distance from the middle of the cup to the ball; held at the bounds',
    },
  ],
  action: { kind: 'continuous', shape: [2], low: -1, high: 1, names: ['sideways', 'up'], unit: 'share of force' },
  constants: { cupReach, cupWidth, cupDepth, ballRadius, ...published, dt: timestep * substeps },
  maxEpisodeSteps: 100,
});

/** A cup of three walls on two slides, its own weight borne, and a ball on a string; the project's own measures. */
function mjcf(variation?: Variation): string {
  const { stringLength, ballMass, cupMass, strength, gravity } = settle(dynamics, variation);
  const half = cupWidth / 2;
  const wall = (from: string, to: string) => `<geom fromto="${from} ${to}" size="0.01" mass="${cupMass / 3}"/>`;
  const bottom = -cupDepth / 2;
  return `
<mujoco model="cup-catch">
  <compiler angle="radian" autolimits="true"/>
  <option timestep="${timestep}" integrator="implicitfast" gravity="0 0 ${-gravity}"><flag autoreset="disable"/></option>
  <size memory="200K"/>
  <default>
    <geom type="capsule" contype="1" conaffinity="1" friction="0.6 0.005 0.001" condim="3"/>
    <motor ctrlrange="-1 1"/>
  </default>
  <worldbody>
    <body name="cup" gravcomp="1">
      <joint name="cupX" type="slide" axis="1 0 0" range="${-cupReach} ${cupReach}" damping="3"/>
      <joint name="cupZ" type="slide" axis="0 0 1" range="${-cupReach} ${cupReach}" damping="3"/>
      ${wall(`${-half} 0 ${bottom}`, `${half} 0 ${bottom}`)}
      ${wall(`${-half} 0 ${bottom}`, `${-half - 0.015} 0 ${-bottom}`)}
      ${wall(`${half} 0 ${bottom}`, `${half + 0.015} 0 ${-bottom}`)}
      <site name="knot" pos="0 0 ${bottom}"/>
    </body>
    <body name="ball" pos="0 0 ${bottom - stringLength}">
      <joint name="ballX" type="slide" axis="1 0 0" damping="0.005"/>
      <joint name="ballZ" type="slide" axis="0 0 1" damping="0.005"/>
      <geom type="sphere" size="${ballRadius}" mass="${ballMass}"/>
      <site name="hook"/>
    </body>
  </worldbody>
  <tendon><spatial name="string" range="0 ${stringLength}"><site site="knot"/><site site="hook"/></spatial></tendon>
  <actuator>
    <motor joint="cupX" gear="${strength}"/>
    <motor joint="cupZ" gear="${strength}"/>
  </actuator>
</mujoco>`;
}

/** Positions and velocities of cup and ball, each along x and z. */
class CupCatch implements Simulator {
  readonly observation = new Float64Array(9);
  readonly #mechanism: Mechanism;
  /** Where the ball is in the model's initial state, up from the middle of the cup. */
  readonly #hanging: number;

  constructor(variation?: Variation) {
    this.#mechanism = new Mechanism(mjcf(variation), substeps);
    this.#hanging = -cupDepth / 2 - settle(dynamics, variation).stringLength;
  }

  reset(random: Random): void {
    this.#mechanism.reset();
    const { qpos, qvel } = this.#mechanism;
    const swing = uniform(random, -0.3, 0.3);
    const length = -this.#hanging - cupDepth / 2;
    qpos[2] = length * Math.sin(swing);
    qpos[3] = length * (1 - Math.cos(swing));
    for (let index = 0; index < qvel.length; index += 1) qvel[index] = uniform(random, -0.02, 0.02);
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
    const right = (qpos[2] ?? 0) - (qpos[0] ?? 0);
    const up = (qpos[3] ?? 0) + this.#hanging - (qpos[1] ?? 0);
    const limit = 1.5 * published.stringLength;
    observation[0] = Math.min(Math.max(qpos[0] ?? 0, -cupReach), cupReach);
    observation[1] = Math.min(Math.max(qpos[1] ?? 0, -cupReach), cupReach);
    observation[2] = qvel[0] ?? 0;
    observation[3] = qvel[1] ?? 0;
    observation[4] = Math.min(Math.max(right, -limit), limit);
    observation[5] = Math.min(Math.max(up, -limit), limit);
    observation[6] = qvel[2] ?? 0;
    observation[7] = qvel[3] ?? 0;
    observation[8] = Math.min(Math.sqrt(right * right + up * up), 2 * limit);
  }
}

const caught = 'Math.abs(next.ballOffset[0]) < env.cupWidth / 2 && Math.abs(next.ballOffset[1]) < env.cupDepth / 2';

export const cupCatch: BuiltinEnvironment = {
  definition,
  success: `// The ball is within the cup's walls.
export function success({ next, env }) {
  return ${caught};
}
`,
  fitness: {
    source: `// The share of steps with the ball in the cup.
export function success({ next, env }) {
  return ${caught};
}
`,
    aggregate: 'mean',
  },
  // Getting it there takes about a second of two.
  solvedAt: 0.3,
  sparseReward: `// One for a step with the ball in the cup, nothing else: dm_control's reward.
export function reward({ next, env }) {
  return { caught: ${caught} ? 1 : 0 };
}
`,
  humanReward: `// dm_control's one for the ball in the cup, with a part of it for being above the cup.
export function reward({ next, env }) {
  const caught = ${caught};
  const over = tolerance(next.ballOffset[0], [-env.cupWidth / 2, env.cupWidth / 2], 0.2);
  return { caught: caught ? 1 : 0, above: next.ballOffset[1] > 0 ? 0.2 * over : 0 };
}
`,
  training: { environmentSteps: 300_000, seeds: 3, screen: 0.3 },
  policyFields: ['cupPosition', 'cupVelocity', 'ballOffset', 'ballVelocity'],
  dynamics,
  library: mujocoLibrary,
  create: (variation) => new CupCatch(variation),
};
