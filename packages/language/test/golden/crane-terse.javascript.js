/**
 * Reward for gantry-crane.
 *
 * Task: Bring a hanging load to a mark and let it come to rest.
 *
 * Call once per step: reward({ obs, action, next, terminated, truncated, env, params }).
 *
 * Reads:
 *    action  scalar
 *    obs.trolley  scalar, m: Trolley position
 *    obs.mark  scalar, m
 *    next.trolley  scalar, m: Trolley position
 *    next.trolleySpeed  scalar, m/s
 *    next.swing  scalar, rad: Angle of the rope from the vertical
 *    next.swingRate  scalar, rad/s
 *    next.mark  scalar, m
 *    next.rope  scalar, m
 *
 * Components: near, still, effort, progress. The total is their sum.
 */

// Bring the load over the mark and let it hang still.
export const params = { near: 1.0, still: 0.5, effort: 0.02 };

export function reward({ obs, action, next, params, env }) {
  const load = next.trolley + next.rope * Math.sin(next.swing);
  return {
    near: -params.near * Math.abs(load - next.mark) / env.railHalf,
    still: -params.still * (next.swingRate ** 2 + next.trolleySpeed ** 2),
    effort: -params.effort * env.costs[action],
    progress: Math.abs(obs.trolley - obs.mark) - Math.abs(next.trolley - next.mark),
  };
}

/** The environment's constants. */
export const env = {
  gravity: 9.81,
  railHalf: 5,
  restSpeed: 0.05,
  costs: [0,0.2,0.2,1],
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
