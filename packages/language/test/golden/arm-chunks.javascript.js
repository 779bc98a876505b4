/**
 * Reward for table-arm.
 *
 * Task: Pick a block up and set it down upright on a target.
 *
 * Call once per step: reward({ obs, action, next, terminated, truncated, env, params }).
 *
 * Reads:
 *    action  6 entries
 *    obs.hand  3 entries, m
 *    obs.touch  2 entries, flag
 *    next.jointSpeeds  6 entries, rad/s
 *    next.hand  3 entries, m
 *    next.block  3 entries, m
 *    next.target  3 entries, m
 *    next.range  10 entries, m: Proximity beams around the hand
 *    next.touch  2 entries, flag
 *
 * Components: effort, strained, close, even, front, widest, reach, changed. The total is their sum.
 */

// The standard library of the reward language, as far as this program uses it.
function sum(v) {
  let total = v[0];
  for (let i = 1; i < v.length; i++) total += v[i];
  return Number(total);
}
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

// Joints and beams in groups: pairs of points, shares of a sum, the largest with its place.
const LIMBS = ['shoulder', 'elbow', 'wrist'];

export const params = { shoulder: 0.5, elbow: 0.3, wrist: 0.2, close: 1, even: 0.1 };

const chunk = (v, size) => Array.from({ length: v.length / size }, (_, i) => v.slice(i * size, (i + 1) * size));
const pairs = (points) => points.flatMap((a, i) => points.slice(i + 1).map((b) => [a, b]));

export function reward({ action, next, obs, params }) {
  const limbs = chunk(action, 2).map((torques, i) => ({ name: LIMBS[i], power: norm(torques), fast: next.jointSpeeds[2 * i] > 2 }));
  const effort = limbs.reduce((sum, { name, power }) => sum + params[name] * power, 0);
  const strained = limbs.find(({ name }) => name === 'wrist').fast || limbs.slice(0, 2).every(({ fast }) => fast);

  const points = [next.hand, next.block, next.target];
  const gaps = pairs(points).map(([a, b]) => distance(a, b));
  const total = gaps.reduce((a, b) => a + b);
  const even = gaps.map((gap) => (total > 1e-6 ? gap / total : 1 / gaps.length)).reduce((s, p) => s + p * p, 0);

  // Ten beams, all around: the front is at both ends.
  const front = Math.min(...[...next.range.slice(-2), ...next.range.slice(0, 3)]);
  const widest = next.range.reduce((best, r, i) => (r > best.r ? { r, i } : best), { r: -1, i: -1 });
  const [reachBefore, reachNow] = [obs, next].map(({ hand: [x, y, z] }) => Math.hypot(x, y, z));
  const changed = next.touch.filter((t, i) => t !== obs.touch[i]).length;
  return {
    effort: -effort,
    strained: strained ? -0.2 : 0,
    close: params.close * Math.exp(-Math.min(...gaps)),
    even: -params.even * even,
    front: front < 0.2 ? -1 : 0,
    widest: widest.i / 10,
    reach: reachBefore - reachNow,
    changed: 0.05 * changed,
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
