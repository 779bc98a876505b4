/**
 * Reward for gantry-crane.
 *
 * Task: Bring a hanging load to a mark and let it come to rest.
 *
 * Call once per step: reward({ obs, action, next, terminated, truncated, env, params, memory }).
 * Hand on the memory it returns; begin every episode with the exported one.
 *
 * Reads:
 *    next.trolley  scalar, m: Trolley position
 *    next.trolleySpeed  scalar, m/s
 *    next.mark  scalar, m
 *    next.hooked  scalar, boolean
 *    terminated  scalar
 *
 * Components: shaping, change, oldest. The total is their sum.
 */

// Memory that holds nothing until the first step is over.
export const memory = { before: null, pace: null, steps: 0 };
export const params = { gain: 2 };

export function reward({ next, terminated, params, memory }) {
  const gap = Math.abs(next.trolley - next.mark);
  const shaping = memory.before === null ? 0 : memory.before - gap;
  let change = 0;
  if (memory.pace != null) {
    change = Math.abs(next.trolleySpeed - memory.pace);
  }
  const oldest = memory.before ?? gap;
  if (terminated) {
    return { components: { shaping: -1, change, oldest }, memory: { before: null } };
  }
  if (!next.hooked) return { components: { shaping, change: 0, oldest }, memory: { steps: memory.steps + 1 } };
  return {
    components: { shaping: params.gain * shaping, change: -change, oldest: 0.1 * oldest },
    memory: { before: gap, pace: next.trolleySpeed, steps: memory.steps + 1 },
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
