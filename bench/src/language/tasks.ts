import { Environment } from '@rewardsmith/contracts';

/** A reward of the kind that Isaac Gym's tasks use, with the environment it is written for. */
export interface BenchTask {
  readonly name: string;
  readonly environment: Environment;
  readonly reward: string;
}

type Field = readonly [name: string, length: number | null];

function environment(name: string, fields: readonly Field[], actions: number): Environment {
  return Environment.parse({
    name,
    description: `A benchmark's ${name}.`,
    observation: fields.map(([field, length]) => ({
      name: field,
      shape: length === null ? [] : [length],
      low: -1,
      high: 1,
    })),
    action: { kind: 'continuous', shape: [actions], low: -1, high: 1 },
    maxEpisodeSteps: 500,
  });
}

/** The same formulas are written by hand in `handwritten_numpy.py` and `handwritten_torch.py`. */
export const tasks: readonly BenchTask[] = [
  {
    name: 'cartpole',
    environment: environment(
      'cartpole',
      [
        ['cartPosition', null],
        ['cartVelocity', null],
        ['poleAngle', null],
        ['poleVelocity', null],
      ],
      1,
    ),
    reward: `export const params = { cart: 0.01, pole: 0.005, fall: 2 };
export function reward({ next, params }) {
  const { cartPosition: x, cartVelocity: v, poleAngle: angle, poleVelocity: w } = next;
  const out = Math.abs(x) > 3 || Math.abs(angle) > Math.PI / 2;
  if (out) return { upright: 0, cart: 0, pole: 0, fall: -params.fall };
  return { upright: 1 - angle * angle, cart: -params.cart * Math.abs(v), pole: -params.pole * Math.abs(w), fall: 0 };
}`,
  },
  {
    name: 'ant',
    environment: environment(
      'ant',
      [
        ['torsoHeight', null],
        ['headingProjection', null],
        ['upProjection', null],
        ['potential', null],
        ['jointPositions', 8],
        ['jointVelocities', 8],
      ],
      8,
    ),
    reward: `export const params = { heading: 0.5, up: 0.1, action: 0.005, energy: 0.05, limit: 0.1, death: -2, alive: 0.5 };
export function reward({ obs, action, next, params }) {
  const heading = next.headingProjection > 0.8 ? params.heading : (params.heading * next.headingProjection) / 0.8;
  const up = next.upProjection > 0.93 ? params.up : 0;
  const actionCost = sum(action.map((a) => a * a));
  const energy = sum(action.map((a, i) => Math.abs(a * next.jointVelocities[i])));
  const limits = next.jointPositions.filter((q) => q > 0.99).length;
  const progress = next.potential - obs.potential;
  const total = progress + params.alive + up + heading - params.action * actionCost - params.energy * energy - params.limit * limits;
  return { total: next.torsoHeight < 0.31 ? params.death : total, components: { progress, heading, up, actionCost, energy, limits } };
}`,
  },
  {
    name: 'humanoid',
    environment: environment(
      'humanoid',
      [
        ['torsoHeight', null],
        ['headingProjection', null],
        ['upProjection', null],
        ['potential', null],
        ['jointPositions', 21],
        ['jointVelocities', 21],
        ['angularVelocity', 3],
      ],
      21,
    ),
    reward: `export const params = { heading: 0.5, up: 0.1, action: 0.01, energy: 0.05, limit: 0.25, spin: 0.02, death: -1, alive: 2 };
export function reward({ obs, action, next, params }) {
  const heading = next.headingProjection > 0.8 ? params.heading : (params.heading * next.headingProjection) / 0.8;
  const up = next.upProjection > 0.93 ? params.up : 0;
  const actionCost = dot(action, action);
  const energy = action.reduce((cost, a, i) => cost + Math.abs(a * next.jointVelocities[i]), 0);
  const limits = next.jointPositions.reduce((cost, q) => cost + Math.max(0, Math.abs(q) - 0.98) / 0.02, 0);
  const spin = norm(next.angularVelocity);
  const progress = next.potential - obs.potential;
  const total = progress + params.alive + up + heading - params.action * actionCost - params.energy * energy - params.limit * limits - params.spin * spin;
  return { total: next.torsoHeight < 0.8 ? params.death : total, components: { progress, heading, up, actionCost, energy, limits, spin } };
}`,
  },
  {
    name: 'quadcopter',
    environment: environment(
      'quadcopter',
      [
        ['position', 3],
        ['target', 3],
        ['orientation', 4],
        ['angularVelocity', 3],
      ],
      12,
    ),
    reward: `export const params = { effort: 0.01 };
export function reward({ action, next, params }) {
  const far = distance(next.target, next.position);
  const position = 1 / (1 + far * far);
  const up = quatRotate(next.orientation, [0, 0, 1]);
  const tilt = Math.abs(1 - up[2]);
  const upright = position / (1 + tilt * tilt);
  const spin = Math.abs(next.angularVelocity[2]);
  const spinning = position / (1 + spin * spin);
  const effort = -params.effort * dot(action, action);
  return { position, upright, spinning, effort };
}`,
  },
  {
    name: 'franka_cabinet',
    environment: environment(
      'franka_cabinet',
      [
        ['graspPosition', 3],
        ['handlePosition', 3],
        ['graspOrientation', 4],
        ['handleOrientation', 4],
        ['leftFinger', 3],
        ['rightFinger', 3],
        ['drawer', null],
      ],
      9,
    ),
    reward: `export const params = { reach: 2, turn: 0.5, around: 0.25, open: 7.5, effort: 0.01 };
export function reward({ action, next, params }) {
  const d = distance(next.graspPosition, next.handlePosition);
  let reach = 1 / (1 + d * d);
  reach = reach * reach;
  if (d <= 0.02) reach = 2 * reach;
  const forward = quatRotate(next.graspOrientation, [0, 0, 1]);
  const inward = quatRotate(next.handleOrientation, [-1, 0, 0]);
  const aligned = dot(forward, inward);
  const turn = 0.5 * Math.sign(aligned) * aligned * aligned;
  const around = next.leftFinger[2] > next.handlePosition[2] && next.rightFinger[2] < next.handlePosition[2] ? 1 : 0;
  const open = next.drawer * around + next.drawer;
  return {
    reach: params.reach * reach,
    turn: params.turn * turn,
    around: params.around * around,
    open: params.open * open,
    effort: -params.effort * sum(action.map((a) => a ** 2)),
    bonus: next.drawer > 0.39 ? 2 : next.drawer > 0.2 ? 1 : next.drawer > 0.01 ? 0.5 : 0,
  };
}`,
  },
  {
    name: 'shadow_hand',
    environment: environment(
      'shadow_hand',
      [
        ['objectPosition', 3],
        ['goalPosition', 3],
        ['objectOrientation', 4],
        ['goalOrientation', 4],
      ],
      20,
    ),
    reward: `export const params = { distance: -10, rotation: 1, epsilon: 0.1, action: -0.0002, bonus: 250, fall: 0.24, penalty: -50 };
export function reward({ action, next, params }) {
  const far = distance(next.objectPosition, next.goalPosition);
  const [, x, y, z] = quatMul(next.objectOrientation, quatConjugate(next.goalOrientation));
  const angle = 2 * Math.asin(Math.min(Math.sqrt(x * x + y * y + z * z), 1));
  const rotation = params.rotation / (Math.abs(angle) + params.epsilon);
  const actions = action.reduce((cost, a) => cost + a * a, 0);
  return {
    distance: params.distance * far,
    rotation,
    actions: params.action * actions,
    bonus: Math.abs(angle) <= 0.1 ? params.bonus : 0,
    fall: far >= params.fall ? params.penalty : 0,
  };
}`,
  },
];
