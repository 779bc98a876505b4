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
 *    next.jointSpeeds  6 entries, rad/s
 *    next.range  10 entries, m: Proximity beams around the hand
 *    next.lastAction  6 entries
 *
 * Components: power, limits, smooth, clear, pose. The total is their sum.
 */

// Costs that are summed over joints and beams, written as loops.
export const params = { power: 0.001, limits: 0.2, smooth: 0.05, clear: 0.4, near: 0.3 };

const REST_POSE = [0, -0.6, 1.2, 0, 0.5, 0];

export function reward({ action, next, params, env }) {
  let power = 0;
  let limitCost = 0;
  for (let j = 0; j < action.length; j++) {
    power += Math.abs(action[j] * next.jointSpeeds[j]) * env.gears[j];
    const excess = Math.abs(next.joints[j]) - 0.9 * env.limits[j];
    if (excess > 0) limitCost += excess;
  }

  let change = 0;
  for (const [i, a] of action.entries()) {
    change += (a - next.lastAction[i]) ** 2;
  }

  // Beams to the front count more; the first free one ends the search.
  let blocked = 0;
  for (let beam = 0; beam < next.range.length; beam++) {
    if (next.range[beam] > 1) break;
    if (next.range[beam] > 0.5) continue;
    blocked += 1 / (1 + beam);
  }

  const pose = Math.sqrt(next.joints.reduce((acc, q, i) => acc + (q - REST_POSE[i]) ** 2, 0));
  return {
    power: -params.power * power,
    limits: -params.limits * limitCost,
    smooth: -params.smooth * change,
    clear: -params.clear * blocked,
    pose: -params.near * pose,
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
