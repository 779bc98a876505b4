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
 *    obs.swing  scalar, rad: Angle of the rope from the vertical
 *    obs.mark  scalar, m
 *    obs.hooked  scalar, boolean
 *    next.trolley  scalar, m: Trolley position
 *    next.trolleySpeed  scalar, m/s
 *    next.swing  scalar, rad: Angle of the rope from the vertical
 *    next.swingRate  scalar, rad/s
 *    next.mark  scalar, m
 *    next.hooked  scalar, boolean
 *    next.touching  scalar, boolean
 *
 * Components: phase, change, push, touch, known, heard. The total is their sum.
 */

// Phases by name: what pays depends on the phase, and a change of phase pays by where it came from.
export const params = { pace: 0.4, settle: 0.7 };

const phaseOf = ({ hooked, swing, trolley, mark }) => {
  if (!hooked) return 'empty';
  if (Math.abs(swing) > 0.3) return 'swinging';
  return Math.abs(trolley - mark) < 0.2 ? 'placing' : 'carrying';
};

const CHANGE = { 'carrying->placing': 1, 'placing->carrying': -1, 'swinging->carrying': 0.5 };
const PUSH = { 0: 0, 1: -1, 2: 1 };
const WORDS = ['idle', 'left', 'right', 'release'];

export function reward({ obs, action, next, params }) {
  const before = phaseOf(obs);
  const phase = phaseOf(next);
  const terms = {
    empty: () => -0.1,
    swinging: () => -Math.abs(next.swingRate) * params.settle,
    carrying: (pace = params.pace) => pace * Math.abs(next.trolleySpeed),
    placing: () => 1,
  };
  const word = WORDS[action] ?? 'unknown';
  const touch = `${next.touching ? 'on' : 'off'}-${next.hooked}`;
  let heard = 0;
  switch (word) {
    case 'release':
      heard = phase === 'placing' ? 2 : -2;
      break;
    case 'idle':
      heard = 0.01;
      break;
    default:
      heard = typeof word === 'string' ? -0.01 : 0;
  }
  return {
    phase: terms[phase](),
    change: CHANGE[`${before}->${phase}`] ?? 0,
    push: (PUSH[action] ?? 0.3) * Math.sign(next.mark - next.trolley),
    touch: touch === 'on-true' ? 0.2 : touch.length * 0.01,
    known: ['placing', 'carrying'].includes(phase),
    heard,
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
