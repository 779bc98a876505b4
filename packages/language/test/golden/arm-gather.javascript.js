/**
 * Reward for table-arm.
 *
 * Task: Pick a block up and set it down upright on a target.
 *
 * Call once per step: reward({ obs, action, next, terminated, truncated, env, params }).
 *
 * Reads:
 *    obs.range  10 entries, m: Proximity beams around the hand
 *    next.joints  6 entries, rad: Joint angles, base first
 *    next.range  10 entries, m: Proximity beams around the hand
 *    next.grip  scalar, N
 *    next.holding  scalar, boolean
 *
 * Components: count, worst, average, after, head, second, tail, ranked, longest, held, firm, last, nearest, hit, miss, where, inside. The total is its own expression.
 */

// Arrays that grow where a condition holds.
export const params = { near: 0.6 };

export function reward({ next, obs, action, params, env }) {
  const close = [];
  for (let i = 0; i < next.range.length; i++) {
    if (next.range[i] < params.near) close.push({ beam: i, range: next.range[i] });
  }
  const worst = close.reduce((least, { range }) => Math.min(least, range), 3);
  const average = close.length > 0 ? close.map((c) => c.range).reduce((a, b) => a + b, 0) / close.length : 3;
  const late = close.find((c) => c.beam > 4);
  const after = late ? late.range : 3;
  const free = next.range.filter((r) => r > 1);
  const head = free[0] ?? -1;
  const second = free.at(1) ?? -2;
  const tail = free.at(-1) ?? -3;
  let total = 0;
  for (const r of free) {
    if (r > 2) continue;
    total += r;
  }
  const ranked = free.map((r, i) => r * (i + 1)).reduce((a, b) => a + b, 0);
  const extra = [...free, 0.5];
  const parts = [];
  if (next.holding) parts.push(['held', next.grip]);
  if (next.grip > 3) parts.push(['firm', 1]);
  let last;
  for (const [i, q] of next.joints.entries()) if (last === undefined || Math.abs(q) > last) last = Math.abs(q) + 0 * i;
  let nearest = null;
  for (const r of next.range) if (nearest === null || r < nearest) nearest = r;
  const hit = next.range.find((r) => r < 0.2);
  const miss = obs.range.findLast((r) => r < 0.3);
  const { held = 0, firm = 0 } = Object.fromEntries(parts);
  return {
    count: -close.length,
    worst,
    average,
    after,
    head,
    second,
    tail,
    total,
    ranked,
    longest: extra.length + Math.min(...extra),
    held,
    firm,
    last,
    nearest,
    hit: hit !== undefined ? 1 - hit : 0,
    miss: miss ?? 1,
    where: next.range.findLastIndex((r) => r > 2) + next.range.lastIndexOf(3),
    inside: free.includes(env.reach) || free.some((r) => r > 2.9) || free.every((r) => r < 2),
  };
}

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
