/**
 * Reward for table-arm.
 *
 * Task: Pick a block up and set it down upright on a target.
 *
 * Call once per step: reward({ obs, action, next, terminated, truncated, env, params, memory }).
 * Hand on the memory it returns; begin every episode with the exported one.
 *
 * Reads:
 *    obs.hand  3 entries, m
 *    obs.block  3 entries, m
 *    obs.target  3 entries, m
 *    next.hand  3 entries, m
 *    next.block  3 entries, m
 *    next.target  3 entries, m
 *    next.grip  scalar, N
 *    next.holding  scalar, boolean
 *    terminated  scalar
 *    truncated  scalar
 *
 * Components: shaping, record, jerk, held. The total is their sum.
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
// Potential-based shaping (Ng, Harada and Russell, 1999).
function potential(next, current, gamma = 1) {
  return gamma * next - current;
}

/* Potential shaping with a nested memory and a record of the highest lift. */
export const params = { gamma: 0.98, weights: { hand: 1.0, block: 2.0 }, record: 5.0, jerk: [0.02, 0.01] };

export const memory = { highest: 0, heldFor: 0, lastGrip: 0 };

function phi(state, weights, { reach }) {
  const toBlock = distance(state.hand, state.block) / reach;
  const toTarget = distance(state.block, state.target) / reach;
  return -weights.hand * Math.min(1, toBlock) - weights.block * Math.min(1, toTarget);
}

export function reward({ obs, next, terminated, truncated, params, env, memory }) {
  const done = terminated && !truncated;
  const after = done ? 0 : phi(next, params.weights, env);
  let { highest, heldFor } = memory;
  if (next.holding) {
    heldFor += 1;
    if (next.block[2] > highest) highest = next.block[2];
  } else {
    heldFor = 0;
  }
  const [slow, fast] = params.jerk;
  const change = Math.abs(next.grip - memory.lastGrip);
  return {
    components: {
      shaping: potential(after, phi(obs, params.weights, env), params.gamma),
      record: params.record * (highest - memory.highest),
      jerk: -(change > 5 ? fast : slow) * change,
      held: heldFor > 10 ? 1 : 0,
    },
    memory: { highest, heldFor, lastGrip: next.grip },
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
    let carried = { ...memory };
    for (const row of episode) {
      const given = numbers(row.input);
      const result = reward({ ...given, env: env, params, memory: carried });
      const { memory: after, total, ...flat } = typeof result === 'object' ? result : { reward: result };
      const components = flat.components ?? flat;
      carried = { ...carried, ...after };
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
