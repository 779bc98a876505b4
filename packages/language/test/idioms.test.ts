import { describe, expect, it } from 'vitest';
import { compile } from '../src/index.ts';
import { crane } from './environments.ts';
import { differences } from './isolate/differences.ts';

/**
 * What programs do with arrays, records and text, against plain JavaScript on rows that hold NaN and infinities. `x`, `y`
 * and `z` are numbers of the step, `on` and `off` flags of it, and `k` is an index that leaves every table, as NaN too.
 */
const idioms: Readonly<Record<string, readonly string[]>> = {
  'text looked up': [
    "names[k] === 'at' ? 1 : 0",
    "names[k] !== 'far' ? 1 : 0",
    'names[k] === undefined ? 1 : 0',
    'names[k] == null ? 1 : 0',
    'names[k] ? 1 : 0',
    "typeof names[k] === 'string' ? 1 : 0",
    "(names[k] ?? 'none') === 'none' ? 1 : 0",
    "names[Math.min(2, Math.max(0, k))] === 'at' ? 1 : 0",
    "['near', 'at'].includes(names[k]) ? 1 : 0",
    "['near', 'at'].indexOf(names[k])",
    'gains[names[k]] ?? 0',
    'gains[names[k]] * 2',
    'gains[names[k]] > 1 ? 1 : 0',
    'gains[names[Math.min(2, Math.max(0, k))]] ?? -1',
    "gains['' + names[k]] ?? -2",
    "{ farWeight: 1, nearWeight: 2, atWeight: 3 }[names[k] + 'Weight'] ?? -3",
    "(() => { switch (names[k]) { case 'far': return 1; case 'at': return 2; default: return -1; } })()",
    "(() => { const n = names.find((_, i) => i === k); return n === 'at' ? 1 : n === undefined ? 2 : 3; })()",
    "['', 'near'][k] ? 1 : 0",
    '[undefined, 3][k] ?? 5',
    '[null, 3][k] ?? 5',
    '[null, { w: x }][k]?.w ?? 5',
    '[true, false][k] === true ? 1 : 0',
    '[true, false][k] === false ? 1 : 0',
    '[true, false][k] ? 1 : 0',
  ],
  'numbers looked up': [
    '[1, 2, 3][k] ?? -1',
    '[1, 2, 3][y] ?? -1',
    '[1, 2, 3][k] === undefined ? 1 : 0',
    '(on ? [1, 2][k] : [3, 4, 5][k]) ?? -1',
    '(on ? [1, 2][k] : 7) ?? -1',
    '(() => { let v = 4; if (on) v = [1, 2][k]; return v ?? -1; })()',
    '[[1, 2], [3, 4]][k]?.[0] ?? 5',
    '[[1, 2], [3, 4]][Math.floor(y)]?.[k] ?? 5',
    '[[1, 2], [3, 4]][k]?.[1 + k] ?? 5',
    '[[1, 2], [3]][k]?.[1] ?? 5',
    '[[1, 2], [3, 4]][on ? 1 : 0][k] ?? 5',
    '([[1, 2], [3, 4]][k] ?? [8, 9])[1]',
    '[{ w: [1, 2] }, { w: [3, 4] }][k]?.w[k] ?? 5',
    '[{ w: [1, 2] }, { w: [3, 4] }][k]?.w?.[k + 1] ?? 5',
    '[{ w: 1 }, { w: 2 }][k]?.w ?? 5',
    '[{ w: 1 }, { w: 2 }].find((each) => each.w > x)?.w ?? 5',
    '[[1, 2], [3, 4]].find((row) => row[0] > x)?.[k] ?? 5',
    '{ 0: 1, 2: 3 }[k] ?? 5',
    '[x, y, z].filter((v) => v > 0)[k] ?? 5',
  ],
};

const program = (expression: string): string => `export function reward({ next }) {
  const { trolley: x, swing: y, swingRate: z, hooked: on, touching: off } = next;
  const k = Math.floor(next.trolley);
  const names = ['far', 'near', 'at'];
  const gains = { far: 1, near: 2, at: 3 };
  return { a: (${expression}), unused: (names.length + Object.keys(gains).length + k * 0 + y * 0 + z * 0) * Number(on || off) };
}`;

describe('an idiom of plain JavaScript', () => {
  it.each(Object.entries(idioms))('means what it means there: %s', (_, expressions) => {
    const programs = expressions.map((name) => ({ name, source: program(name), environment: crane }));
    const refused = programs.flatMap(({ name, source }) => {
      const compilation = compile(source, crane);
      return compilation.ok ? [] : [[name, compilation.findings[0]?.message]];
    });
    expect(refused).toEqual([]);
    const wrong = Object.entries(differences(programs, 11) as Record<string, unknown[]>).filter(
      ([, found]) => found.length > 0,
    );
    expect(wrong.map(([name, [first]]) => [name, first])).toEqual([]);
  });
});
