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
 *    next.swing  scalar, rad: Angle of the rope from the vertical
 *    next.mark  scalar, m
 *    next.rope  scalar, m
 *    next.hooked  scalar, boolean
 *    terminated  scalar
 *
 * Components: goal, advance, calm, odd, late. The total is their sum.
 */

// The standard library of the reward language, as far as this program uses it.
function sum(v) {
  let total = v[0];
  for (let i = 1; i < v.length; i++) total += v[i];
  return Number(total);
}
function clamp(x, low, high) {
  return Math.min(Math.max(x, low), high);
}

// A ring of the last angles, running statistics, and phases that follow each other.
const PHASE = { LIFT: 0, MOVE: 1, SETTLE: 2, DONE: 3 };

export const params = { phase: 1, calm: 0.5, odd: 0.1, late: 0.01 };
export const memory = { ring: [0, 0, 0, 0], head: 0, seen: 0, mean: 0, spread: 0, phase: 0, since: 0 };

export function reward({ next, terminated, params, memory }) {
  const { ring, head } = memory;
  const angles = ring.map((angle, i) => (i === head ? next.swing : angle));
  const seen = Math.min(memory.seen + 1, angles.length);
  const calm = angles.slice(0, seen).reduce((sum, angle) => sum + Math.abs(angle), 0) / seen;

  // Welford's update, forgetting what is long ago.
  const count = Math.min(memory.since + 1, 50);
  const change = next.trolleySpeed - memory.mean;
  const mean = memory.mean + change / count;
  const spread = memory.spread + (change * (next.trolleySpeed - mean) - memory.spread) / count;
  const odd = spread > 1e-6 ? clamp(change / Math.sqrt(spread), -3, 3) : 0;

  let { phase } = memory;
  switch (phase) {
    case PHASE.LIFT:
      if (next.hooked && next.rope < 2) phase = PHASE.MOVE;
      break;
    case PHASE.MOVE:
      if (!next.hooked) phase = PHASE.LIFT;
      else if (Math.abs(next.trolley - next.mark) < 0.3) phase = PHASE.SETTLE;
      break;
    case PHASE.SETTLE:
      if (calm < 0.05) phase = PHASE.DONE;
  }
  const goal = {
    [PHASE.LIFT]: -next.rope / 6,
    [PHASE.MOVE]: -Math.abs(next.trolley - next.mark) / 5,
    [PHASE.SETTLE]: -calm,
    [PHASE.DONE]: 1,
  }[phase];

  const components = {
    goal,
    advance: params.phase * (phase - memory.phase),
    calm: -params.calm * calm,
    odd: -params.odd * Math.abs(odd),
    late: -params.late * Math.log1p(memory.since),
  };
  if (terminated) components.advance += phase === PHASE.DONE ? 5 : -5;
  return { components, memory: { ring: angles, head: (head + 1) % ring.length, seen, mean, spread, phase, since: memory.since + 1 } };
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
