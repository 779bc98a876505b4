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
 *    next.trolley  scalar, m: Trolley position
 *    next.trolleySpeed  scalar, m/s
 *    next.swing  scalar, rad: Angle of the rope from the vertical
 *    next.mark  scalar, m
 *
 * Components: settle, keep, swing. The total is its own expression.
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

// Speed limits by distance to the mark, with a total of its own.

const CRUISE = 1.5;
const SPAN = 8;
const CREEP = (CRUISE * (SPAN - 6)) / SPAN;
// A sixth of a turn of the rope either way.
const WIDE = Math.PI / 6;
const schedule = [
  { name: 'travel', from: 2, speed: CRUISE, width: 0.4 },
  { name: 'approach', from: 0.5, speed: CREEP, width: 0.5 * CREEP },
  { name: 'hold', from: 0, speed: 0, width: 0.1 },
];

export const params = { keep: 1, settle: 0.5, swing: 0.2 };
export const memory = { calm: 0, turns: 0, lastAction: 0 };

export function reward({ action, next, env, params, memory }) {
  const gap = Math.abs(next.mark - next.trolley);
  const stage = schedule.find(({ from }) => gap >= from) ?? schedule[2];
  const speed = Math.abs(next.trolleySpeed);
  // The bounds move with the stage.
  const keep = tolerance(speed, [stage.speed - stage.width, stage.speed + stage.width], stage.width, { sigmoid: 'linear' });

  count: {
    if (speed > env.restSpeed) break count;
    if (gap < 0.1) {
      return { settle: params.settle * (memory.calm + 1), keep: 0, swing: 0, memory: { calm: memory.calm + 1 } };
    }
  }

  const turned = (action === 1 && memory.lastAction === 2) || (action === 2 && memory.lastAction === 1);
  const turns = memory.turns + (turned ? 1 : 0);
  let waited = 0;
  for (let i = 0; i < Math.min(turns, 4); i++) waited += 0.5 ** i;
  return {
    total: params.keep * keep - params.swing * Math.abs(next.swing / WIDE) - 0.1 * waited,
    components: { keep, swing: -Math.abs(next.swing), settle: 0 },
    memory: { calm: 0, turns, lastAction: action },
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
