/**
 * Reward for gantry-crane.
 *
 * Task: Bring a hanging load to a mark and let it come to rest.
 *
 * Call once per step: reward({ obs, action, next, terminated, truncated, env, params, memory }).
 * Hand on the memory it returns; begin every episode with the exported one.
 *
 * Reads:
 *    action  scalar
 *    obs.trolley  scalar, m: Trolley position
 *    obs.swing  scalar, rad: Angle of the rope from the vertical
 *    obs.mark  scalar, m
 *    obs.rope  scalar, m
 *    next.trolley  scalar, m: Trolley position
 *    next.trolleySpeed  scalar, m/s
 *    next.swing  scalar, rad: Angle of the rope from the vertical
 *    next.mark  scalar, m
 *    next.rope  scalar, m
 *    terminated  scalar
 *
 * Components: shaping, rest, switching. The total is their sum.
 */

// The standard library of the reward language, as far as this program uses it.
// Potential-based shaping (Ng, Harada and Russell, 1999).
function potential(next, current, gamma = 1) {
  return gamma * next - current;
}

// Pays for the longest rest over the mark; switching direction costs.
export const params = { gamma: 0.99, restWeight: 0.2, longest: 40, switchCost: 0.05, shaping: 1.0 };
export const memory = { rest: 0, best: 0, lastAction: -1 };

const phi = (s, weight) => -weight * Math.abs(s.trolley + s.rope * Math.sin(s.swing) - s.mark);

export function reward({ obs, action, next, terminated, params, env, memory }) {
  const resting = Math.abs(next.trolleySpeed) < env.restSpeed && Math.abs(next.trolley - next.mark) < 0.3;
  const rest = resting ? Math.min(memory.rest + 1, params.longest) : 0;
  const best = Math.max(memory.best, rest);
  const switched = memory.lastAction > 0 && action > 0 && action !== memory.lastAction;
  return {
    components: {
      shaping: potential(terminated ? 0 : phi(next, params.shaping), phi(obs, params.shaping), params.gamma),
      rest: params.restWeight * (best - memory.best),
      switching: switched ? -params.switchCost : 0,
    },
    memory: { rest, best, lastAction: action === 0 ? memory.lastAction : action },
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
