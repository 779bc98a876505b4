/**
 * Reward for gantry-crane.
 *
 * Task: Bring a hanging load to a mark and let it come to rest.
 *
 * Call once per step: reward({ obs, action, next, terminated, truncated, env, params }).
 *
 * Reads:
 *    action  scalar
 *    obs.swing  scalar, rad: Angle of the rope from the vertical
 *    next.trolley  scalar, m: Trolley position
 *    next.swing  scalar, rad: Angle of the rope from the vertical
 *    next.swingRate  scalar, rad/s
 *    next.mark  scalar, m
 *    next.rope  scalar, m
 *    next.hooked  scalar, boolean
 *    next.touching  scalar, boolean
 *
 * Components: gap, halvings, drift, turns, millimetres, flags, both, odd, mixed, text. The total is their sum.
 */

// Loops that end where the step says so, within a fixed number of turns; whole numbers by their bits.
export const params = { rate: 0.5 };

export function reward({ obs, next, action, params }) {
  let gap = Math.abs(next.trolley - next.mark);
  let halvings = 0;
  while (gap > params.rate && halvings < 6) {
    gap /= 2;
    halvings += 1;
  }
  let k = 4;
  let drift = 0;
  while (k--) drift += k * next.swing;
  let turns = 0;
  do {
    turns++;
    if (next.rope * turns > 9) break;
  } while (turns < 5 && Math.abs(next.swing) * turns < 1);
  const millimetres = (next.trolley * 1000) | 0;
  const cells = ~~(next.rope * 4);
  const flags = (next.hooked ? 1 : 0) | (next.touching ? 2 : 0) | (Math.abs(next.swing) > 0.5 ? 4 : 0);
  const both = next.hooked & next.touching;
  const odd = (next.swing > 0) ^ (obs.swing > 0);
  const mixed = (cells & 6) + (cells >> 1) + (cells << 3) + (cells >>> 1) + (millimetres ^ -1) - (action & 1);
  const text = parseFloat(next.swingRate) + Number.parseFloat(next.rope);
  try {
    return { gap: -gap, halvings: -halvings, drift, turns, millimetres, flags, both, odd, mixed, text };
  } catch {
    return { gap: 0 };
  }
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
