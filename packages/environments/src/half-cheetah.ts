import { Environment } from '@rewardsmith/contracts';
import type { BuiltinEnvironment } from './builtin.ts';
import { around, settle, type Variation } from './dynamics.ts';
import { mujocoLibrary } from './mujoco/library.ts';
import { PlanarSimulator, planarFields, planarPolicyFields } from './mujoco/planar.ts';

const timestep = 0.01;
const substeps = 4;
const restHeight = 0.66;
const goalDistance = 6.0;
const dynamics = around({ density: 600, friction: 0.8, strength: 1.0, gravity: 9.81, stiffness: 1.0 });

const body = {
  joints: ['backHip', 'backKnee', 'backAnkle', 'frontHip', 'frontKnee', 'frontAnkle'],
  ranges: [
    [-0.6, 1.0],
    [-0.8, 0.8],
    [-0.4, 0.8],
    [-1.0, 0.7],
    [-1.2, 0.9],
    [-0.5, 0.5],
  ],
  feet: ['back foot', 'front foot'],
} as const;

const definition = Environment.parse({
  name: 'half-cheetah',
  description:
    'A two-legged runner in the vertical plane: a long back on a hind and a front leg, each with motors at hip, knee and ankle. Run forward as far as possible before the time is up. Nothing ends the episode early, so it can also topple over and go on. What counts is the distance.',
  observation: planarFields(body),
  action: { kind: 'continuous', shape: [6], low: -1, high: 1, names: [...body.joints], unit: 'share of torque' },
  constants: { restHeight, goalDistance, dt: timestep * substeps, ...settle(dynamics) },
  maxEpisodeSteps: 100,
});

interface Leg {
  readonly side: 'back' | 'front';
  /** Where the hip is along the torso, in m. */
  readonly at: number;
  /** The bend at rest: how far the thigh's end, the shin's end and the toe lie ahead of the joint above, in m. */
  readonly bend: readonly [number, number, number];
  readonly ranges: readonly (readonly [number, number])[];
}

/** A thigh, a shin and a foot on springs. */
function leg({ side, at, bend: [thigh, shin, toe], ranges }: Leg, stiffness: number): string {
  const joint = (name: string, index: number, spring: number) =>
    `<joint name="${side}${name}" range="${ranges[index]?.join(' ')}" stiffness="${spring * stiffness}"/>`;
  return `
      <body pos="${at} 0 0">
        ${joint('Hip', 0, 120)}
        <geom fromto="0 0 0 ${thigh} 0 -0.26" size="0.045"/>
        <body pos="${thigh} 0 -0.26">
          ${joint('Knee', 1, 90)}
          <geom fromto="0 0 0 ${shin} 0 -0.24" size="0.04"/>
          <body pos="${shin} 0 -0.24">
            ${joint('Ankle', 2, 60)}
            <geom fromto="0 0 0 ${toe} 0 -0.11" size="0.04"/>
            <site name="${side}Sole" type="box" pos="${toe / 2} 0 -0.06" size="0.13 0.06 0.13"/>
          </body>
        </body>
      </body>`;
}

/** A back with a head on two sprung legs; the project's own measures. */
function mjcf(variation?: Variation): string {
  const { density, friction, strength, gravity, stiffness } = settle(dynamics, variation);
  const back: Leg = { side: 'back', at: -0.45, bend: [0.12, -0.16, 0.12], ranges: body.ranges.slice(0, 3) };
  const front: Leg = { side: 'front', at: 0.45, bend: [-0.1, 0.1, 0.1], ranges: body.ranges.slice(3) };
  const motor = (joint: string, gear: number) => `<motor joint="${joint}" gear="${gear * strength}"/>`;
  return `
<mujoco model="half-cheetah">
  <compiler angle="radian" autolimits="true"/>
  <option timestep="${timestep}" integrator="implicitfast" gravity="0 0 ${-gravity}"><flag autoreset="disable"/></option>
  <size memory="200K"/>
  <default>
    <joint type="hinge" axis="0 1 0" damping="3" armature="0.1"/>
    <geom type="capsule" contype="0" conaffinity="1" density="${density}" friction="${friction} 0.05 0.01"/>
    <motor ctrlrange="-1 1"/>
    <default class="root"><joint damping="0" armature="0"/></default>
  </default>
  <worldbody>
    <geom name="ground" type="plane" size="0 0 1" contype="1" conaffinity="0"/>
    <body name="torso" pos="0 0 ${restHeight}">
      <joint class="root" name="along" type="slide" axis="1 0 0"/>
      <joint class="root" name="up" type="slide" axis="0 0 1"/>
      <joint class="root" name="pitch"/>
      <geom fromto="-0.5 0 0 0.5 0 0" size="0.05"/>
      <geom fromto="0.5 0 0 0.62 0 0.16" size="0.05"/>
      ${leg(back, stiffness)}
      ${leg(front, stiffness)}
    </body>
  </worldbody>
  <actuator>
    ${motor('backHip', 110)}
    ${motor('backKnee', 80)}
    ${motor('backAnkle', 50)}
    ${motor('frontHip', 110)}
    ${motor('frontKnee', 80)}
    ${motor('frontAnkle', 40)}
  </actuator>
  <sensor><touch site="backSole"/><touch site="frontSole"/></sensor>
</mujoco>`;
}

export const halfCheetah: BuiltinEnvironment = {
  definition,
  success: `// The goal distance is behind it.
export function success({ next, env }) {
  return next.distance >= env.goalDistance;
}
`,
  fitness: {
    source: `// Metres made until the time is up.
export function success({ next }) {
  return next.distance;
}
`,
    aggregate: 'last',
  },
  solvedAt: goalDistance,
  sparseReward: `// One for every step past the goal distance, nothing else.
export function reward({ next, env }) {
  return { arrived: next.distance >= env.goalDistance ? 1 : 0 };
}
`,
  humanReward: `// The form of Gymnasium's HalfCheetah: forward velocity, less a tenth of the squared effort.
export function reward({ action, next }) {
  return { forward: next.forwardVelocity, effort: -0.1 * sum(action.map((torque) => torque * torque)) };
}
`,
  training: { environmentSteps: 150_000, seeds: 3, screen: 0.2 },
  policyFields: planarPolicyFields,
  dynamics,
  library: mujocoLibrary,
  create: (variation) =>
    new PlanarSimulator(definition, { mjcf: mjcf(variation), substeps, restHeight, fallen: () => false }),
};
