/**
 * Reward for table-arm.
 *
 * Task: Pick a block up and set it down upright on a target.
 *
 * Call once per step: reward({ obs, action, next, terminated, truncated, env, params }).
 *
 * Reads:
 *    next.blockTurn  4 entries, quaternion
 *    next.targetTurn  4 entries, quaternion
 *
 * Components: turn, upright, axis, check. The total is their sum.
 */

// The standard library of the reward language, as far as this program uses it.
// Hamilton product of quaternions w, x, y, z: first b, then a.
function quatMul([aw, ax, ay, az], [bw, bx, by, bz]) {
  return [
    aw * bw - ax * bx - ay * by - az * bz,
    aw * bx + ax * bw + ay * bz - az * by,
    aw * by - ax * bz + ay * bw + az * bx,
    aw * bz + ax * by - ay * bx + az * bw,
  ];
}
function dot(a, b) {
  let total = a[0] * b[0];
  for (let i = 1; i < a.length; i++) total += a[i] * b[i];
  return total;
}
function norm(v) {
  return Math.sqrt(dot(v, v));
}
function quatNormalize(q) {
  const length = norm(q);
  return q.map((x) => x / length);
}
function quatConjugate([w, x, y, z]) {
  return [w, -x, -y, -z];
}
function cross([ax, ay, az], [bx, by, bz]) {
  return [ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx];
}
// v turned by the unit quaternion q: v + 2 w (u x v) + 2 u x (u x v), with u the vector part.
function quatRotate([w, x, y, z], v) {
  const [tx, ty, tz] = cross([x, y, z], v);
  const [cx, cy, cz] = cross([x, y, z], [2 * tx, 2 * ty, 2 * tz]);
  return [v[0] + w * (2 * tx) + cx, v[1] + w * (2 * ty) + cy, v[2] + w * (2 * tz) + cz];
}
function quatInverse(q) {
  const square = dot(q, q);
  return [q[0] / square, -q[1] / square, -q[2] / square, -q[3] / square];
}
// The same angle in (-pi, pi].
function wrapAngle(angle) {
  return angle - 2 * Math.PI * Math.ceil((angle - Math.PI) / (2 * Math.PI));
}

// The turn that is left, about which axis, and how upright the block stands.
export const params = { turn: 1.0, upright: 0.5, axis: 0.1 };

const UP = [0, 0, 1];

function turnLeft(from, to) {
  let q = quatMul(quatNormalize(to), quatConjugate(quatNormalize(from)));
  if (q[0] < 0) q = q.map((c) => -c); // q and -q are the same rotation
  const [w, x, y, z] = q;
  const half = Math.hypot(x, y, z);
  return { angle: 2 * Math.atan2(half, w), axis: half > 1e-9 ? [x / half, y / half, z / half] : UP };
}

export function reward({ next, params }) {
  const { angle, axis } = turnLeft(next.blockTurn, next.targetTurn);
  const up = quatRotate(quatNormalize(next.blockTurn), UP);
  const sideways = norm(cross(up, UP));
  const back = quatMul(quatInverse(next.blockTurn), next.blockTurn);
  return {
    turn: params.turn * Math.exp(-Math.abs(wrapAngle(angle))),
    upright: params.upright * dot(up, UP) - 0.1 * sideways,
    axis: params.axis * Math.abs(axis[2]),
    check: back[0] - 1,
  };
}

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
