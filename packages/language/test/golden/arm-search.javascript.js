/**
 * Reward for table-arm.
 *
 * Task: Pick a block up and set it down upright on a target.
 *
 * Call once per step: reward({ obs, action, next, terminated, truncated, env, params }).
 *
 * Reads:
 *    next.block  3 entries, m
 *    next.target  3 entries, m
 *    next.range  10 entries, m: Proximity beams around the hand
 *
 * Components: median, first, close, band. The total is their sum.
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

// Sorting, searching and tables, all of fixed length.
export const params = { median: 0.5, first: 0.2, band: 1.0 };

const BANDS = [0.1, 0.25, 0.5, 1.0];

export function reward({ next, params }) {
  const sorted = next.range.map((r) => (r > 0 ? Math.min(r, 3) : 0)).sort((a, b) => a - b);
  const median = (sorted[4] + sorted[5]) / 2;
  const free = next.range.findIndex((r) => r > 1.5);
  const firstClose = next.range.find((r) => r < 0.3) ?? 3;
  const gap = distance(next.block, next.target);
  const passed = BANDS.filter((band) => gap < band).length;
  const weights = [4, 3, 2, 1, 0];
  return {
    median: params.median * median,
    first: free === -1 ? -params.first : params.first / (1 + free),
    close: -Math.max(0, 1 - firstClose),
    band: params.band * (passed / BANDS.length) + 0.01 * weights[4 - passed],
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
