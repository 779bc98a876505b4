/**
 * Reward for gantry-crane.
 *
 * Task: Bring a hanging load to a mark and let it come to rest.
 *
 * Call once per step: reward({ obs, action, next, terminated, truncated, env, params }).
 *
 * Reads:
 *    next.trolley  scalar, m: Trolley position
 *    next.trolleySpeed  scalar, m/s
 *    next.swing  scalar, rad: Angle of the rope from the vertical
 *    next.swingRate  scalar, rad/s
 *    next.mark  scalar, m
 *    next.rope  scalar, m
 *
 * Components: near, hanging, slow, calm, short, low, middle, tame, inside. The total is its own expression.
 */

// The standard library of the reward language, as far as this program uses it.
const toleranceShapes = {
  gaussian: (d, scale) => Math.exp(-0.5 * (d * scale) * (d * scale)),
  hyperbolic: (d, scale) => 1 / Math.cosh(d * scale),
  long_tail: (d, scale) => 1 / (d * scale * (d * scale) + 1),
  reciprocal: (d, scale) => 1 / (Math.abs(d) * scale + 1),
  cosine: (d, scale) => (Math.abs(d * scale) < 1 ? (1 + Math.cos(Math.PI * (d * scale))) / 2 : 0),
  linear: (d, scale) => (Math.abs(d * scale) < 1 ? 1 - d * scale : 0),
  quadratic: (d, scale) => (Math.abs(d * scale) < 1 ? 1 - d * scale * (d * scale) : 0),
  tanh_squared: (d, scale) => 1 - Math.tanh(d * scale) * Math.tanh(d * scale),
};
// How far a shape is stretched so that it is v at distance 1.
const toleranceScales = {
  gaussian: (v) => Math.sqrt(-2 * Math.log(v)),
  hyperbolic: (v) => Math.acosh(1 / v),
  long_tail: (v) => Math.sqrt(1 / v - 1),
  reciprocal: (v) => 1 / v - 1,
  cosine: (v) => Math.acos(2 * v - 1) / Math.PI,
  linear: (v) => 1 - v,
  quadratic: (v) => Math.sqrt(1 - v),
  tanh_squared: (v) => Math.atanh(Math.sqrt(1 - v)),
};
// 1 inside [lower, upper]; outside it falls off and is valueAtMargin at distance margin (dm_control's tolerance).
function tolerance(x, [lower, upper] = [0, 0], margin = 0, { sigmoid = 'gaussian', valueAtMargin = 0.1 } = {}) {
  if (x >= lower && x <= upper) return 1;
  const d = (x < lower ? lower - x : x - upper) / margin;
  return toleranceShapes[sigmoid](d, toleranceScales[sigmoid](valueAtMargin));
}

/**
 * Every shape of tolerance, multiplied as the control suite does.
 */
export const params = { margin: 0.8, end: 0.2 };

export function reward({ next, params, env }) {
  const offset = next.trolley - next.mark;
  const near = tolerance(offset, [-0.1, 0.1], params.margin);
  const hanging = tolerance(next.swing, [0, 0], 0.6, { sigmoid: 'cosine', valueAtMargin: 0 });
  const slow = tolerance(next.trolleySpeed, [-env.restSpeed, env.restSpeed], 1, { sigmoid: 'long_tail' });
  const calm = tolerance(next.swingRate, [-0.2, 0.2], 2, { sigmoid: 'hyperbolic', valueAtMargin: params.end });
  const short = tolerance(next.rope, [0, 2], 3, { sigmoid: 'linear', valueAtMargin: 0 });
  const low = tolerance(next.rope, [4, Infinity], 2, { sigmoid: 'quadratic' });
  const middle = tolerance(next.trolley, [-3, 3], 1, { sigmoid: 'reciprocal' });
  const tame = tolerance(next.swingRate * next.rope, [-1, 1], 4, { sigmoid: 'tanh_squared' });
  const inside = tolerance(next.trolley, [-env.railHalf, env.railHalf]);
  return {
    total: near * (1 + hanging) * slow * inside / 2,
    components: { near, hanging, slow, calm, short, low, middle, tame, inside },
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
