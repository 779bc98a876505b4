/**
 * Reward for gantry-crane.
 *
 * Task: Bring a hanging load to a mark and let it come to rest.
 *
 * Call once per step: reward({ obs, action, next, terminated, truncated, env, params }).
 *
 * Reads:
 *    next.trolley  scalar, m: Trolley position
 *    next.swing  scalar, rad: Angle of the rope from the vertical
 *    next.swingRate  scalar, rad/s
 *    next.rope  scalar, m
 *
 * Components: round, roots, turns, logs, bent, rest, powers, finite. The total is their sum.
 */

// Every function of Math that a reward may use.
export const params = { base: 1.5 };

export function reward({ next, params }) {
  const { trolley: x, swing: a, rope: r, swingRate: w } = next;
  const round = Math.round(x) + Math.floor(w) + Math.ceil(a) + Math.trunc(x * w);
  const roots = Math.sqrt(r) + Math.cbrt(x) + Math.hypot(x, w) + Math.hypot(x, a, r);
  const turns = Math.sin(x) + Math.cos(a) + Math.tan(a) + Math.asin(a / 2) + Math.acos(a / 2) + Math.atan(x);
  const logs = Math.log(r) + Math.log2(r) + Math.log10(r) + Math.log1p(r) + Math.expm1(a) + Math.exp(-r);
  const bent = Math.sinh(a) + Math.cosh(a) + Math.tanh(w) + Math.asinh(x) + Math.acosh(1 + r) + Math.atanh(a / 2);
  const rest = Math.sign(x) + Math.abs(w) + Math.max(x, a, w) - Math.min(x, a, w) + Math.atan2(w, x) + Math.fround(x);
  const powers = x ** 3 + params.base ** x + Math.pow(r, a) + x % r;
  const finite = Number.isFinite(x / w) && !Number.isNaN(a) ? 1 : 0;
  return { round, roots, turns, logs, bent, rest, powers, finite };
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
