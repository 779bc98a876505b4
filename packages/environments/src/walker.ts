import { Environment } from '@rewardsmith/contracts';
import type { BuiltinEnvironment } from './builtin.ts';
import { around, settle, type Variation } from './dynamics.ts';
import { mujocoLibrary } from './mujoco/library.ts';
import { PlanarSimulator, planarFields, planarPolicyFields } from './mujoco/planar.ts';

const timestep = 0.015;
const substeps = 2;
const restHeight = 1.2;
const lowest = 0.75;
const steepest = 1.0;
const goalDistance = 2.0;
const dynamics = around({ density: 900, friction: 1.2, strength: 1.0, gravity: 9.81, damping: 1.5 });

const legRanges = [
  [-0.8, 1.2],
  [-0.05, 2.2],
  [-0.7, 0.7],
] as const;
const body = {
  joints: ['leftHip', 'leftKnee', 'leftAnkle', 'rightHip', 'rightKnee', 'rightAnkle'],
  ranges: [...legRanges, ...legRanges],
  feet: ['left foot', 'right foot'],
} as const;

const definition = Environment.parse({
  name: 'walker',
  description:
    'A two-legged robot in the vertical plane, with motors at hips, knees and ankles. Walk or run forward as far as possible without falling. The episode ends when the torso sinks too low or leans too far. What counts is the distance.',
  observation: planarFields(body),
  action: { kind: 'continuous', shape: [6], low: -1, high: 1, names: [...body.joints], unit: 'share of torque' },
  constants: { restHeight, lowest, steepest, goalDistance, dt: timestep * substeps, ...settle(dynamics) },
  maxEpisodeSteps: 100,
});

/** A thigh, a shin and a foot; positive angles of the hip swing the leg forward, of the knee bend it backward. */
function leg(side: 'left' | 'right'): string {
  const [hip, knee, ankle] = legRanges;
  return `
      <body pos="0 0 -0.2">
        <joint name="${side}Hip" axis="0 -1 0" range="${hip.join(' ')}"/>
        <geom fromto="0 0 0 0 0 -0.42" size="0.05"/>
        <body pos="0 0 -0.42">
          <joint name="${side}Knee" range="${knee.join(' ')}"/>
          <geom fromto="0 0 0 0 0 -0.45" size="0.04"/>
          <body pos="0 0 -0.45">
            <joint name="${side}Ankle" axis="0 -1 0" range="${ankle.join(' ')}"/>
            <geom fromto="-0.06 0 -0.08 0.18 0 -0.08" size="0.05"/>
            <site name="${side}Sole" type="box" pos="0.06 0 -0.08" size="0.19 0.06 0.06"/>
          </body>
        </body>
      </body>`;
}

/** A torso on two legs that pass through each other; the project's own measures. */
function mjcf(variation?: Variation): string {
  const { density, friction, strength, gravity, damping } = settle(dynamics, variation);
  const motor = (joint: string, gear: number) => `<motor joint="${joint}" gear="${gear * strength}"/>`;
  return `
<mujoco model="walker">
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
      <geom fromto="0 0 0.25 0 0 -0.2" size="0.06"/>
      ${leg('left')}
      ${leg('right')}
    </body>
  </worldbody>
  <actuator>
    ${(['left', 'right'] as const)
      .flatMap((side) => [motor(`${side}Hip`, 100), motor(`${side}Knee`, 90), motor(`${side}Ankle`, 40)])
      .join('\n    ')}
  </actuator>
  <sensor><touch site="leftSole"/><touch site="rightSole"/></sensor>
</mujoco>`;
}

export const walker: BuiltinEnvironment = {
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
  // A fall makes less than a metre; not every good episode gets to the goal distance.
  solvedAt: 1.75,
  sparseReward: `// One for every step past the goal distance, nothing else.
export function reward({ next, env }) {
  return { arrived: next.distance >= env.goalDistance ? 1 : 0 };
}
`,
  humanReward: `// The form of Gymnasium's Walker2d: alive, forward velocity, squared effort.
export function reward({ action, next, terminated }) {
  const effort = sum(action.map((torque) => torque * torque));
  return { alive: terminated ? 0 : 1, forward: next.forwardVelocity, effort: -0.001 * effort };
}
`,
  training: { environmentSteps: 300_000, seeds: 3, screen: 0.3 },
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
