/**
 * Reward for gantry-crane.
 *
 * Task: Bring a hanging load to a mark and let it come to rest.
 *
 * Call once per step: reward({ obs, action, next, terminated, truncated, env, params }).
 *
 * Reads:
 *    obs.trolley  scalar, m: Trolley position
 *    obs.swing  scalar, rad: Angle of the rope from the vertical
 *    obs.swingRate  scalar, rad/s
 *    next.trolley  scalar, m: Trolley position
 *    next.swing  scalar, rad: Angle of the rope from the vertical
 *    next.swingRate  scalar, rad/s
 *    next.mark  scalar, m
 *
 * Components: calm, pull, stretch, damping. The total is their sum.
 */

// The standard library of the reward language, as far as this program uses it.
function sum(v) {
  let total = v[0];
  for (let i = 1; i < v.length; i++) total += v[i];
  return Number(total);
}

// Functions made of functions, one for each stretch of the rail, and the nearest of what is ahead.

const HALF_LIFE = Math.log(2) / 0.5;
const STOPS = [-4, -1.5, 0, 1.5, 4];

export const params = { fade: 1.2, pull: 0.5, stretch: 0.1 };

const compose = (...steps) => (x) => steps.reduce((value, step) => step(value), x);
const within = (low) => (high) => (x) => x >= low && x < high;

export function reward({ obs, next, params }) {
  const { trolley, mark, swing, swingRate = 0 } = next;
  const calm = compose(Math.abs, (x) => params.fade * x, (x) => Math.exp(-HALF_LIFE * x));

  // The stop that lies ahead in the direction of the mark, if there is one.
  let nearest = null;
  for (const stop of STOPS) {
    const ahead = (stop - trolley) * Math.sign(mark - trolley);
    if (ahead > 0 && (nearest === null || ahead < nearest)) nearest = ahead;
  }

  const stretches = [];
  for (let i = 0; i + 1 < STOPS.length; i++) {
    const isHere = within(STOPS[i])(STOPS[i + 1]);
    stretches.push((x) => (isHere(x) ? i + 1 : 0));
  }
  const stretch = (state) => stretches.reduce((sum, number) => sum + number(state.trolley), 0);

  const energy = [obs, next].map((s) => 0.5 * s.swingRate ** 2 + 1 - Math.cos(s.swing));
  const damping = energy[0] - energy[1];
  return {
    calm: calm(swing) * calm(swingRate),
    pull: nearest === null ? 0 : params.pull / (1 + nearest),
    stretch: stretch(next) !== stretch(obs) ? params.stretch : 0,
    damping: Number.isFinite(damping) ? Math.max(damping, 0) : 0,
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
