/**
 * Reward for table-arm.
 *
 * Task: Pick a block up and set it down upright on a target.
 *
 * Call once per step: reward({ obs, action, next, terminated, truncated, env, params }).
 *
 * Reads:
 *    action  6 entries
 *    next.block  3 entries, m
 *    next.grip  scalar, N
 *    next.holding  scalar, boolean
 *
 * Components: lift, shoulderEffort, elbowEffort, wristEffort, squeeze. The total is their sum.
 */

// The standard library of the reward language, as far as this program uses it.
function clamp(x, low, high) {
  return Math.min(Math.max(x, low), high);
}

// Records, spreads and computed names: one component for each segment of the arm.
export const params = { shoulder: 0.02, elbow: 0.01, wrist: 0.005, lift: 1.0 };

const SEGMENTS = [
  { name: 'shoulder', range: [0, 2] },
  { name: 'elbow', range: [2, 4] },
  { name: 'wrist', range: [4, 6] },
];

const meanSquare = (values) => values.reduce((a, v) => a + v * v, 0) / values.length;

export function reward({ action, next, params, env: { tableHeight, reach } }) {
  const costs = {};
  for (const { name, range: [from, to] } of SEGMENTS) {
    costs[`${name}Effort`] = -params[name] * meanSquare(action.slice(from, to));
  }
  const { block: [, , height], holding, grip = 0 } = next;
  const lift = holding ? clamp((height - tableHeight) / reach, 0, 1) : 0;
  const components = { lift: params.lift * lift, ...costs };
  if (grip > 20) {
    components.squeeze = -(grip - 20) / 10;
  } else {
    components.squeeze = 0;
  }
  return components;
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
