/**
 * Reward for table-arm.
 *
 * Task: Pick a block up and set it down upright on a target.
 *
 * Call once per step: reward({ obs, action, next, terminated, truncated, env, params }).
 *
 * Reads:
 *    action  6 entries
 *    next.hand  3 entries, m
 *    next.block  3 entries, m
 *    next.blockTurn  4 entries, quaternion
 *    next.targetTurn  4 entries, quaternion
 *    next.holding  scalar, boolean
 *
 * Components: reach, lift, turn, effort. The total is their sum.
 */

// The standard library of the reward language, as far as this program uses it.
function dot(a, b) {
  let total = a[0] * b[0];
  for (let i = 1; i < a.length; i++) total += a[i] * b[i];
  return total;
}
function norm(v) {
  return Math.sqrt(dot(v, v));
}
function distance(a, b) {
  return norm(a.map((x, i) => x - b[i]));
}
// Hamilton product of quaternions w, x, y, z: first b, then a.
function quatMul([aw, ax, ay, az], [bw, bx, by, bz]) {
  return [
    aw * bw - ax * bx - ay * by - az * bz,
    aw * bx + ax * bw + ay * bz - az * by,
    aw * by - ax * bz + ay * bw + az * bx,
    aw * bz + ax * by - ay * bx + az * bw,
  ];
}
function quatConjugate([w, x, y, z]) {
  return [w, -x, -y, -z];
}
// Angle of the rotation between two orientations, in [0, pi]; their lengths and signs do not matter.
function quatAngle(a, b) {
  const [w, x, y, z] = quatMul(quatConjugate(a), b);
  return 2 * Math.atan2(norm([x, y, z]), Math.abs(w));
}

export const params = { reach: 1.0, lift: 2.0, turn: 0.3, effort: 0.01 };

export const reward = ({ action, next, params, env }) => ({
  reach: params.reach / (1 + 10 * distance(next.hand, next.block) ** 2),
  lift: next.holding ? params.lift * Math.max(0, next.block[2] - env.tableHeight) : 0,
  turn: params.turn * (1 - quatAngle(next.blockTurn, next.targetTurn) / Math.PI),
  effort: -params.effort * dot(action, action),
});

/** The environment's constants. */
export const env = {
  dt: 0.02,
  tableHeight: 0.1,
  reach: 0.9,
  gears: [50,50,40,20,20,10],
  limits: [2.6,2,2.6,2,2.6,3],
};

/** Runs the rows of a parity file, parsed; returns how many there are and what differs from the sandbox. */
export function checkParity({ episodes }) {
  const numbers = (value) => {
    if (Array.isArray(value)) return value.map(numbers);
    if (value === null || typeof value !== 'object') return typeof value === 'string' ? Number(value) : value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, numbers(each)]));
  };
  // Terms of the size of scale that cancel leave a number smaller than their own last places.
  const isClose = (got, expected, scale = 0) => {
    const limit = 1e-9 * Math.max(Math.abs(expected), scale);
    return Object.is(got, expected) || got === expected || (Math.abs(got - expected) <= limit && limit < Infinity);
  };
  const differences = [];
  let rows = 0;
  for (const episode of episodes) {
    for (const row of episode) {
      const given = numbers(row.input);
      const result = reward({ ...given, env: env, params });
      const { total, ...flat } = typeof result === 'object' ? result : { reward: result };
      const components = flat.components ?? flat;
      const sum = Object.values(components).reduce((all, value) => all + Number(value), -0);
      const found = { ...components, total: typeof total === 'number' ? total : sum };
      for (const [name, value] of Object.entries(found)) {
        const expected = Number(name === 'total' ? row.total : row.components[name]);
        if (!isClose(Number(value), expected, row.scale?.[name])) {
          differences.push(`row ${rows}: ${name} is ${value}, expected ${expected}`);
        }
      }
      rows += 1;
    }
  }
  return { rows, differences };
}

if (globalThis.process?.argv?.[1] === import.meta.filename && import.meta.filename !== undefined) {
  const { readFileSync } = process.getBuiltinModule('node:fs');
  const { rows, differences } = checkParity(JSON.parse(readFileSync(process.argv[2], 'utf8')));
  for (const difference of differences) console.log(difference);
  console.log(`${rows} rows, ${differences.length} differences`);
  process.exitCode = differences.length === 0 ? 0 : 1;
}
