import { Environment } from '@rewardsmith/contracts';
import type { BuiltinEnvironment } from './builtin.ts';
import { around, settle, type Variation } from './dynamics.ts';
import { mujocoLibrary } from './mujoco/library.ts';
import { PlanarSimulator, planarFields, planarPolicyFields } from './mujoco/planar.ts';

const timestep = 0.01;
const substeps = 3;
const restHeight = 1.25;
const lowest = 0.7;
const steepest = 1.0;
const goalDistance = 2.5;
const dynamics = around({ density: 1000, friction: 1.5, strength: 1.0, gravity: 9.81, damping: 1.0 });

const body = {
  joints: ['hip', 'knee', 'ankle'],
  ranges: [
    [-2.4, 0.2],
    [-0.1, 2.4],
    [-0.8, 0.8],
  ],
  feet: ['foot'],
} as const;

const definition = Environment.parse({
  name: 'hopper',
  description:
    'A one-legged robot in the vertical plane, with motors at hip, knee and ankle. Hop forward as far as possible without falling. The episode ends when the torso sinks too low or leans too far. What counts is the distance.',
  observation: planarFields(body),
  action: { kind: 'continuous', shape: [3], low: -1, high: 1, names: [...body.joints], unit: 'share of torque' },
  constants: { restHeight, lowest, steepest, goalDistance, dt: timestep * substeps, ...settle(dynamics) },
  maxEpisodeSteps: 100,
});

/** A torso on a thigh, a shin and a foot; the project's own measures. */
function mjcf(variation?: Variation): string {
  const { density, friction, strength, gravity, damping } = settle(dynamics, variation);
  return `
<mujoco model="hopper">
  <compiler angle="radian" autolimits="true"/>
  <option timestep="${timestep}" integrator="implicitfast" gravity="0 0 ${-gravity}"><flag autoreset="disable"/></option>
  <size memory="200K"/>
  <default>
    <joint type="hinge" axis="0 1 0" damping="${damping}" armature="0.05"/>
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
      <geom fromto="0 0 0.2 0 0 -0.2" size="0.05"/>
      <body name="thigh" pos="0 0 -0.2">
        <joint name="hip" range="${body.ranges[0].join(' ')}"/>
        <geom fromto="0 0 0 0 0 -0.45" size="0.05"/>
        <body name="shin" pos="0 0 -0.45">
          <joint name="knee" range="${body.ranges[1].join(' ')}"/>
          <geom fromto="0 0 0 0 0 -0.45" size="0.04"/>
          <body name="foot" pos="0 0 -0.45">
            <joint name="ankle" range="${body.ranges[2].join(' ')}"/>
            <geom fromto="-0.13 0 -0.1 0.26 0 -0.1" size="0.05"/>
            <site name="sole" type="box" pos="0.065 0 -0.1" size="0.26 0.06 0.06"/>
          </body>
        </body>
      </body>
    </body>
  </worldbody>
  <actuator>
    <motor joint="hip" gear="${120 * strength}"/>
    <motor joint="knee" gear="${120 * strength}"/>
    <motor joint="ankle" gear="${60 * strength}"/>
  </actuator>
  <sensor><touch site="sole"/></sensor>
</mujoco>`;
}

export const hopper: BuiltinEnvironment = {
  definition,
  success: `// The goal distance is behind it.
export function success({ next, env }) {
  return next.distance >= env.goalDistance;
}
`,
  fitness: {
    source: `// Metres made until the end of the episode.
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
  humanReward: `// The form of Gymnasium's Hopper: alive, forward velocity, squared effort.
export function reward({ action, next, terminated }) {
  const effort = action[0] * action[0] + action[1] * action[1] + action[2] * action[2];
  return { alive: terminated ? 0 : 1, forward: next.forwardVelocity, effort: -0.001 * effort };
}
`,
  training: { environmentSteps: 250_000, seeds: 3, screen: 0.3 },
  policyFields: planarPolicyFields,
  dynamics,
  library: mujocoLibrary,
  create: (variation) =>
    new PlanarSimulator(definition, {
      mjcf: mjcf(variation),
      substeps,
      restHeight,
      fallen: (height, pitch) => height < lowest || Math.abs(pitch) > steepest,
    }),
};
