/**
 * Reward for table-arm.
 *
 * Task: Pick a block up and set it down upright on a target.
 *
 * Call once per step: reward({ obs, action, next, terminated, truncated, env, params }).
 *
 * Reads:
 *    action  6 entries
 *    next.joints  6 entries, rad: Joint angles, base first
 *    next.hand  3 entries, m
 *    next.block  3 entries, m
 *    next.target  3 entries, m
 *    next.range  10 entries, m: Proximity beams around the hand
 *    next.grip  scalar, N
 *    next.holding  scalar, boolean
 *
 * Components: error, same, pair, axis, ranked, arms, back. The total is their sum.
 */

// The standard library of the reward language, as far as this program uses it.
function cross([ax, ay, az], [bx, by, bz]) {
  return [ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx];
}
function dot(a, b) {
  let total = a[0] * b[0];
  for (let i = 1; i < a.length; i++) total += a[i] * b[i];
  return total;
}
function norm(v) {
  return Math.sqrt(dot(v, v));
}
function sum(v) {
  let total = v[0];
  for (let i = 1; i < v.length; i++) total += v[i];
  return Number(total);
}

// New vectors may be changed where they stand; fields may not.
export const params = { lift: 2 };

const mirrored = (v) => {
  const turned = v.map((x) => -x);
  turned[2] *= params2.lift;
  if (v[0] > 0) return turned;
  turned.reverse();
  return turned;
};
const params2 = { lift: 0.5 };

export function reward({ next, action, params }) {
  const error = next.hand.map((x, i) => x - next.target[i]);
  error[2] *= params.lift;
  if (next.holding) error[0] = 0;
  const other = error;
  other[1] += 0.5;
  const pair = next.joints.slice(0, 2);
  pair[0] += 1;
  pair.push(2);
  const axis = cross(next.hand, next.block);
  axis[0] = -axis[0];
  const ranked = [...next.range];
  ranked.sort((a, b) => b - a);
  ranked[0] -= ranked[1];
  const arms = next.grip > 5 ? action.map((a) => a * 2) : action.slice();
  arms[5] = 0.25;
  const back = mirrored(next.block);
  back[1] = back[1] ** 2;
  return {
    error: norm(error),
    same: error[1] - other[1],
    pair: sum(pair),
    axis: axis[0] + axis[2],
    ranked: Number.isNaN(ranked[0]) ? 0 : 1,
    arms: arms.reduce((a, b) => a + b, 0),
    back: back[0] - back[1] + back[2],
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
