/**
 * Reward for table-arm.
 *
 * Task: Pick a block up and set it down upright on a target.
 *
 * Call once per step: reward({ obs, action, next, terminated, truncated, env, params }).
 *
 * Reads:
 *    action  6 entries
 *    next.range  10 entries, m: Proximity beams around the hand
 *    next.touch  2 entries, flag
 *    next.grip  scalar, N
 *    next.holding  scalar, boolean
 *
 * Components: blocked, behind, spread, even, grasp. The total is their sum.
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
function mean(v) {
  return sum(v) / v.length;
}

// Beams within a window that may be tuned, and shares of a sum that may be nothing.
export const params = { window: 4, skip: 1, near: 0.5, spread: 0.1, even: 0.2 };

export function reward({ action, next, params }) {
  const ahead = next.range.slice(0, params.window);
  const behind = next.range.slice(params.skip - 6, -1);
  const blocked = ahead.filter((r) => r < params.near).length;

  const total = sum(next.range);
  const shares = next.range.map((r) => (total > 0 ? r / total : 0));
  const spread = shares.reduce((h, p) => h - (p > 0 ? p * Math.log(p) : 0), 0);

  const effort = norm(action);
  const even = action.map((a) => {
    if (effort > 0.1) {
      const part = a / effort;
      return part * part;
    }
    return 0;
  });

  const [, low, middle] = [...next.touch, next.grip / 30].sort((a, b) => a - b);
  return {
    blocked: -blocked / Math.max(ahead.length, 1),
    behind: behind.length > 0 ? mean(behind) : 0,
    spread: params.spread * spread,
    even: -params.even * Math.max(...even),
    grasp: next.holding ? middle - low : 0,
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
