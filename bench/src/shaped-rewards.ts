/**
 * Shaping rewards written by hand, to see whether training rewards good guidance: what a search is expected to find, not
 * what it is given.
 */
export const shapedRewards: ReadonlyMap<string, string> = new Map([
  [
    'cartpole',
    `export function reward({ next }) {
  return { upright: Math.cos(4 * next.poleAngle), centred: -0.1 * Math.abs(next.cartPosition) };
}
`,
  ],
  [
    'cartpole-swing-up',
    `// Energy by its height, and the balance itself.
export function reward({ next, env }) {
  const upright = (next.cosAngle + 1) / 2;
  const balanced =
    next.cosAngle > env.uprightCosine &&
    Math.abs(next.angularVelocity) < env.uprightSpeed &&
    Math.abs(next.cartPosition) < env.centreLimit;
  return { upright, spin: -0.01 * upright * next.angularVelocity * next.angularVelocity, balanced: balanced ? 2 : 0 };
}
`,
  ],
  [
    'mountain-car',
    `export function reward({ next, env }) {
  return {
    goal: next.position >= env.goalPosition ? 10 : 0,
    energy: 0.45 * Math.sin(3 * next.position) + 100 * next.velocity * next.velocity - 1,
  };
}
`,
  ],
  [
    'reacher',
    `export function reward({ next, env }) {
  const near = tolerance(next.targetDistance, [0, env.goalDistance], 0.5);
  return { distance: -next.targetDistance, near, slow: -0.01 * near * Math.abs(next.shoulderVelocity) };
}
`,
  ],
  [
    'mountain-car-continuous',
    `export function reward({ action, next, env }) {
  return {
    goal: next.position >= env.goalPosition ? 100 : 0,
    energy: 0.45 * Math.sin(3 * next.position) + 100 * next.velocity * next.velocity - 1,
    fuel: -0.1 * action[0] * action[0],
  };
}
`,
  ],
  [
    'pendulum',
    `// The energy of a pendulum at rest upright, and a bonus for being there.
export function reward({ next, env }) {
  const energy = next.angularVelocity * next.angularVelocity / 6 + 5 * next.cosAngle - 5;
  const balanced = next.cosAngle > env.uprightCosine && Math.abs(next.angularVelocity) < env.uprightSpeed;
  return { energy: -Math.abs(energy), balanced: balanced ? 2 : 0 };
}
`,
  ],
  [
    'acrobot',
    `export function reward({ next, env }) {
  const height = -next.cosTheta1 - (next.cosTheta1 * next.cosTheta2 - next.sinTheta1 * next.sinTheta2);
  return { time: height > env.goalHeight ? 0 : -1, height: 0.3 * height };
}
`,
  ],
  [
    'door-key',
    `export function reward({ obs, next }) {
  return {
    goal: next.atGoal > 0 ? 20 : 0,
    key: next.hasKey > obs.hasKey ? 3 : 0,
    door: next.doorOpen > obs.doorOpen ? 8 : 0,
    toKey: obs.hasKey > 0 ? 0 : 0.5 * (obs.keyDistance - next.keyDistance),
    toDoor: obs.hasKey > 0 && !(next.doorOpen > 0) ? 0.5 * (obs.doorDistance - next.doorDistance) : 0,
    toGoal: obs.doorOpen > 0 ? 0.5 * (obs.goalDistance - next.goalDistance) : 0,
  };
}
`,
  ],
  [
    'tree-search',
    `export function reward({ obs, next }) {
  return {
    wood: 10 * (next.wood - obs.wood),
    fall: next.fallen > 0 ? -5 : 0,
    fresh: -0.05 * next.tracksNear[1],
    approach: 0.2 * (Math.min(obs.treeDistance, 8) - Math.min(next.treeDistance, 8)),
  };
}
`,
  ],
  [
    'lava-diamond',
    `export function reward({ obs, next }) {
  return {
    diamond: next.diamonds > 0 ? 20 : 0,
    lava: next.inLava ? -5 : 0,
    explore: 0.3 * (next.cellsVisited - obs.cellsVisited),
    approach: 0.3 * (obs.diamondDistance - next.diamondDistance),
  };
}
`,
  ],
  [
    'hopper',
    `export function reward({ action, next, terminated }) {
  const effort = sum(action.map((torque) => torque * torque));
  return { fall: terminated ? -5 : 0.3, forward: 2 * next.forwardVelocity, effort: -0.01 * effort };
}
`,
  ],
  [
    'half-cheetah',
    `export function reward({ next }) {
  return { forward: next.forwardVelocity, level: -0.2 * Math.abs(next.pitch) };
}
`,
  ],
  [
    'walker',
    `export function reward({ action, next, terminated }) {
  const effort = sum(action.map((torque) => torque * torque));
  return {
    fall: terminated ? -10 : 0.3,
    forward: 2 * next.forwardVelocity,
    upright: -0.3 * Math.abs(next.pitch),
    effort: -0.01 * effort,
  };
}
`,
  ],
  [
    'cup-catch',
    `export function reward({ next, env }) {
  const caught =
    Math.abs(next.ballOffset[0]) < env.cupWidth / 2 && Math.abs(next.ballOffset[1]) < env.cupDepth / 2;
  return { caught: caught ? 5 : 0, near: -next.ballDistance, height: 0.5 * next.ballOffset[1] };
}
`,
  ],
  [
    'pusher',
    `export function reward({ next, obs, env }) {
  return {
    progress: 10 * (obs.goalDistance - next.goalDistance),
    approach: 2 * (obs.puckDistance - next.puckDistance),
    there: next.goalDistance < env.goalRadius ? 1 : 0,
  };
}
`,
  ],
]);
