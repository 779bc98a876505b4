/**
 * Reward for table-arm.
 *
 * Task: Pick a block up and set it down upright on a target.
 *
 * Call once per step: reward({ obs, action, next, terminated, truncated, env, params }).
 *
 * Reads:
 *    action  6 entries
 *    next.hand  3 entries, m
 *    next.range  10 entries, m: Proximity beams around the hand
 *    next.touch  2 entries, flag
 *    next.grip  scalar, N
 *
 * Components: low, mid, high, sectors, row, votes, order, popped, largest, hypotenuse. The total is their sum.
 */

// Entries written at places that the step chooses, and records that helpers change and hand back.
export const params = { bins: { low: 0.5, high: 1.5 } };

function add(counts, key) {
  counts[key] = (counts[key] ?? 0) + 1;
  return counts;
}

export const reward = ({ next, action, params }) => {
  const bins = next.range.reduce((all, r) => add(all, r < params.bins.low ? 'low' : r < params.bins.high ? 'mid' : 'high'), {});
  const sectors = next.range.reduce((all, r, i) => {
    all[Math.floor(i / 4)] += r / 4;
    return all;
  }, [0, 0, 0]);
  const row = new Array(4).fill(0);
  row[Math.floor(Math.min(3, Math.max(0, next.grip / 8)))] = 1;
  const votes = { 0: 0, 1: 0, 2: 0 };
  for (const touch of next.touch) votes[touch] += 1;
  let at = 0;
  const order = [0, 0, 0];
  order[at++] += next.hand[0];
  order[at++] += next.hand[1];
  order[at] ||= next.hand[2];
  const stack = [1, 2, 3];
  const popped = stack.pop() + stack.shift() + stack.length;
  const largest = Math.max.apply(null, action);
  const hypotenuse = Math.hypot.call(null, next.hand[0], next.hand[1]);
  return {
    low: bins.low ?? 0,
    mid: bins.mid ?? 0,
    high: bins.high ?? 0,
    sectors: sectors[0] - sectors[2],
    row: row[3] - row[0],
    votes: votes[1] - votes[0],
    order: order[0] - order[1] + order[2],
    popped,
    largest,
    hypotenuse,
  };
};

/** The environment's constants. */
export const env = {
  dt: 0.02,
  tableHeight: 0.1,
  reach: 0.9,
  gears: [50,50,40,20,20,10],
  limits: [2.6,2,2.6,2,2.6,3],
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
