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
 *    obs.hooked  scalar, boolean
 *    next.trolley  scalar, m: Trolley position
 *    next.trolleySpeed  scalar, m/s
 *    next.swingRate  scalar, rad/s
 *    next.mark  scalar, m
 *    next.rope  scalar, m
 *    next.hooked  scalar, boolean
 *    next.touching  scalar, boolean
 *    terminated  scalar
 *
 * Components: task, shaping, time. The total is their sum.
 */

// The standard library of the reward language, as far as this program uses it.
function clamp(x, low, high) {
  return Math.min(Math.max(x, low), high);
}

// One stage at a time: pick up, carry, settle, release.
export const params = { pickUp: 1.0, carry: 2.0, settle: 0.5, release: 20.0, drop: 10.0, time: 0.01 };

const NEAR = 0.25; // m
const RELEASE = 3;

export function reward({ obs, action, next, terminated, params, env }) {
  const time = -params.time;

  // The load came off somewhere else.
  if (obs.hooked && !next.hooked && Math.abs(next.trolley - next.mark) > NEAR) {
    return { task: -params.drop, shaping: 0, time };
  }
  if (terminated) {
    return { task: action === RELEASE ? params.release : -params.drop, shaping: 0, time };
  }
  if (!next.hooked) {
    return { task: 0, shaping: params.pickUp * (next.touching ? 1 : 0.2), time };
  }

  const distanceToMark = Math.abs(next.trolley - next.mark);
  if (distanceToMark > NEAR) {
    // Carry, but not faster than the rope can take.
    const closing = Math.abs(obs.trolley - obs.mark) - distanceToMark;
    const limit = Math.sqrt(env.gravity * next.rope) * 0.05;
    return { task: 0, shaping: params.carry * clamp(closing, -limit, limit), time };
  }
  const still = 1 / (1 + Math.abs(next.swingRate) + Math.abs(next.trolleySpeed));
  return { task: 0, shaping: params.settle * still, time };
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
