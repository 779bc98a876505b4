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
 *    next.jointSpeeds  6 entries, rad/s
 *    next.hand  3 entries, m
 *    next.block  3 entries, m
 *    next.range  10 entries, m: Proximity beams around the hand
 *    next.touch  2 entries, flag
 *
 * Components: close, aligned, crowd, contacts, spread, steady, effort. The total is their sum.
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
function sum(v) {
  let total = v[0];
  for (let i = 1; i < v.length; i++) total += v[i];
  return Number(total);
}
function mean(v) {
  return sum(v) / v.length;
}

// Vectors all the way: helpers that take and give vectors, filters, masks.
export const params = { close: 1.0, aligned: 0.5, crowd: 0.1, spread: 0.2, steady: 0.05 };

const subtract = (a, b) => a.map((value, i) => value - b[i]);
const scale = (v, factor) => v.map((value) => value * factor);
const unit = (v, epsilon = 1e-6) => {
  const length = norm(v);
  return length > epsilon ? scale(v, 1 / length) : v.map(() => 0);
};

export function reward({ obs, action, next, params, env }) {
  const toBlock = subtract(next.block, next.hand);
  const moved = subtract(next.hand, obs.hand);
  const aligned = dot(unit(toBlock), unit(moved));

  // Beams that see something close, and how close.
  const crowding = next.range
    .filter((r) => r < 0.6)
    .map((r) => (0.6 - r) / 0.6)
    .reduce((a, b) => a + b, 0);
  const contacts = next.touch.filter(Boolean).length;

  const nearest = Math.min(...next.range);
  const spread = Math.max(...next.range) - nearest;
  const allSlow = next.jointSpeeds.every((w) => Math.abs(w) < 0.5);
  const anyFast = next.jointSpeeds.some((w, i) => Math.abs(w) * env.gears[i] > 100);

  return {
    close: -params.close * norm(toBlock),
    aligned: params.aligned * aligned,
    crowd: -params.crowd * crowding,
    contacts: contacts >= 2 ? 1 : contacts / 2,
    spread: params.spread * Math.min(1, spread),
    steady: allSlow ? params.steady : anyFast ? -params.steady : 0,
    effort: -0.01 * mean(action.map(Math.abs)),
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
