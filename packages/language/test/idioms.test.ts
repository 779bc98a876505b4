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
  'arguments of methods': [
    '[1, x, 3].at(k) ?? -1',
    "names.at(k) === 'near' ? 1 : 0",
    '[1, x, 3].at(y) ?? -1',
    '[1, x, 3].at(-1 - k) ?? -1',
    '[1, x, 3].at(-1)',
    '[1, x, 3].at(1.7)',
    '[1, x, 3].at(7) ?? -1',
    '[1, x, 3].at()',
    '[x, y, z].filter((v) => v > 0).at(-1) ?? 5',
    '[x, y, z].filter((v) => v > 0).at(0.5) ?? 5',
    '[1, 2, 3, 4].fill(x, 1, 3).reduce((a, b) => a * 3 + b)',
    '[1, 2, 3, 4].fill(x, -1).reduce((a, b) => a * 3 + b)',
    '[1, 2, 3, 4].fill(x, 1.5, -1).reduce((a, b) => a * 3 + b)',
    '[1, 2, 3, 4].fill(x).reduce((a, b) => a * 3 + b)',
    '[1, 2, 3, 4].fill(9, k).reduce((a, b) => a * 3 + b)',
    '[1, 2, 3, 4].fill(9, k, 3).reduce((a, b) => a * 3 + b)',
    '(() => { const w = Array(4).fill(0); w.fill(1, 2); return w[0] + w[3] * x; })()',
    '[x, y, x].indexOf(x, 1)',
    '[x, y, x].indexOf(x, -1)',
    '[x, y, x].indexOf(x, -9)',
    '[x, y, x].indexOf(y, 9)',
    '[x, y, x].lastIndexOf(x, 1)',
    '[x, y, x].lastIndexOf(x, -2)',
    '[x, y, x].lastIndexOf(x, -9)',
    '[x, y, x].lastIndexOf(x)',
    '[1, 2, 3].includes(1, 1) ? 1 : 0',
    '[1, x, 1].includes(1, -1) ? 1 : 0',
    '[1, x].includes(NaN) ? 1 : 0',
    '[x, y].includes(z) ? 1 : 0',
    '[x, y].includes(x) ? 1 : 0',
    '[x, y].indexOf(x)',
    '[NaN, 2].includes(x) ? 1 : 0',
    '[x, y, z].filter((v) => !(v > 0)).includes(NaN) ? 1 : 0',
    '[x, y, z].with(-1, 5)[2]',
    '[x, y, z].with(1.2, 5)[1]',
    '[[x], [[y], z]].flat().length',
    '[[x], [[y], z]].flat(2)[1]',
    '[[x], [[y], z]].flat(0).length',
    '[[x], [[y], [[z]]]].flat(Infinity)[2]',
    '[x, y, z].slice(k).length',
    '[x, y, z].slice(0, k).length',
  ],
  'fields that only some paths set': [
    '(() => { const o = { a: 1 }; if (on) o.b = x; return Object.keys(o).length; })()',
    '(() => { const o = { a: 1 }; if (on) o.b = x; return Object.values(o).length; })()',
    '(() => { const o = { a: 1 }; if (on) o.b = x; return Object.entries(o).length; })()',
    "(() => { const o = { a: 1 }; if (on) o.b = x; return 'b' in o ? 1 : 0; })()",
    "(() => { const o = { a: 1 }; if (on) o.b = x; return Object.hasOwn(o, 'b') ? 1 : 0; })()",
    "(() => { const o = { a: 1 }; if (on) o.b = x; return Object.hasOwn(o, 'c') || 'a' in o ? 1 : 0; })()",
    '(() => { const o = { a: y }; if (on) o.b = x; return Object.values(o).reduce((s, c) => s + c, 0); })()',
    '(() => { const o = { a: y }; if (on) o.b = x; let s = 0; for (const c of Object.values(o)) s += c; return s; })()',
    '(() => { const o = { a: y }; if (on) o.b = x; let s = 0; for (const n of Object.keys(o)) s += o[n]; return s; })()',
    '(() => { const o = { a: y }; if (on) o.b = x; let s = 0; for (const n in o) s += o[n]; return s; })()',
    '(() => { const o = { a: y }; if (on) o.b = x; let n = 0; for (const _ in o) n += 1; return n; })()',
    '(() => { const o = { a: y }; if (on) o.b = x; let s = 0; for (const [, c] of Object.entries(o)) s += c; return s; })()',
    '(() => { const o = { a: y, b: 2 }; if (on) o.b = x; return Object.values(o).length; })()',
    '(() => { const o = {}; if (on) o.b = x; else if (off) o.b = y; return Object.values(o).reduce((s, c) => s + c, 0); })()',
    '(() => { const o = {}; if (on) o.b = x; if (off) o.c = y; return Math.max(...Object.values(o)); })()',
    '(() => { const o = { a: 1 }; if (on) o.b = undefined; return Object.keys(o).length; })()',
    '(() => { const o = { a: 1 }; if (on) o.b = x; return o.b ?? -1; })()',
    '(() => { const o = { a: 1 }; if (on) o.b = x; return o.b === undefined ? 1 : 0; })()',
    '(() => { const o = { a: y, ...(on && { b: x }) }; return Object.values(o).reduce((s, c) => s + c, 0); })()',
    '(() => { const o = { a: y, ...(on ? { b: x } : {}) }; return Object.keys(o).length; })()',
    '(() => { const o = { a: y, ...(on ? { b: x } : null) }; return Object.keys(o).length; })()',
    '(() => { const o = { a: y, ...(x && { b: x }) }; return Object.keys(o).length; })()',
    '(() => { const o = { b: 5 }; const p = {}; if (on) p.b = x; return { ...o, ...p }.b; })()',
    '(() => { const o = { b: 5 }; const p = {}; if (on) p.b = x; Object.assign(o, p); return o.b; })()',
    '(() => { const o = { a: y }; if (on) o.b = x; const p = Object.fromEntries(Object.entries(o).map(([n, c]) => [n, 2 * c])); return Object.values(p).length + (p.b ?? 9); })()',
    '(() => { const o = { b: x, 2: y, 1: z }; return Object.values(o)[0]; })()',
    '(() => { const o = { far: 1, at: 2 }; return Object.hasOwn(o, names[k]) ? 1 : 0; })()',
    '(() => { const o = { far: 1, at: 2 }; return names[k] in o ? 1 : 0; })()',
    'k in { 1: 1, 2: 1, at: 3 } ? 1 : 0',
    '(() => { const o = { 0: y }; if (on) o[2] = x; return k in o ? 1 : 0; })()',
  ],
  'variables and where they live': [
    '(() => { const fs = []; for (let i = 0; i < 3; i++) fs.push(() => i * x); return fs.reduce((s, f) => s + f(), 0); })()',
    '(() => { const fs = []; for (let i = 0; i < 4; i++) { if (i === 2 && on) continue; fs.push((v) => v * i); } return fs.reduce((s, f) => s + f(y), 0); })()',
    '(() => { const fs = []; for (var i = 0; i < 3; i++) fs.push(() => i * x); return fs.reduce((s, f) => s + f(), i); })()',
    '(() => { const fs = []; for (let i = 0; i < 3; i++) { fs.push(() => i); i += on ? 1 : 0; } return fs.reduce((s, f) => s * 4 + f(), 0); })()',
    '(() => { const fs = []; for (const v of [x, y]) fs.push(() => v); return fs[0]() - fs[1](); })()',
    '(() => { var a = 1; { var a = 2; } return a * x; })()',
    '(() => { if (on) { var b = x; } return b ?? -1; })()',
    '(() => { if (on) { var b = x; } else { var b = y; } return b; })()',
    '(() => { for (var i = 0; i < 5; i++) { if (i > 2) break; } return i + x; })()',
    '(() => { let i = 1; for (let i = 0; i < 3; i++) {} return i * x; })()',
    '(() => { const v = [0, 0, 0]; let i = 0; v[i++] += i; v[i++] = i; v[i] = i * 5; return v[0] + 10 * v[1] + 100 * v[2]; })()',
    '(() => { let i = 0; const v = [x, y, z]; v[i] = v[++i]; return v[0] + i; })()',
  ],
  'values that only some paths set': [
    '(() => { let e = null; if (on) e = x; e ||= 0.5; return e + 1; })()',
    '(() => { let e; if (on) e = x; if (!e) e = 0.5; return e + 1; })()',
    '(() => { let e; if (on) e = x; e = e ? e * 2 : 0.5; return e + 1; })()',
    '(() => { let e; if (on) e = x; else if (off) e = 3; return e ? e + 1 : 0; })()',
    '(() => { let e = null; if (on) e = x; else if (off) e = 3; return e !== null ? e + 1 : 0; })()',
    '(() => { let e = null; if (on) e = x; if (off) e = 3; if (e === null) return -1; return e + 1; })()',
    '(() => { let e = null; if (on) e = x; return on ? e + 1 : 0; })()',
    '(() => { const e = on ? x : null; return e && e > 0 ? e : 0; })()',
    '(() => { let e = null; for (const v of [x, y, z]) if (v > 0 && (e === null || v < e)) e = v; return e ?? -1; })()',
    '(() => { let e = null; for (const v of [x, y, z]) if (v > 0 && (!e || v < e)) e = v; return e || -1; })()',
    '(() => { let e = null; for (const v of [x, y, z]) if (v > 0 && (e === null || v < e)) e = v; return e === null ? 0 : e * 2; })()',
    '(() => { let e = null, at = -1; for (const [i, v] of [x, y, z].entries()) if (v > 0 && (e === null || v < e)) { e = v; at = i; } return at >= 0 ? e + at : -9; })()',
    '(() => { let b = null; for (const v of [x, y, z]) { const c = { v, w: v * 2 }; if (v > 0 && (b === null || c.w > b.w)) b = c; } return b === null ? 0 : b.v; })()',
    '(() => { let e; for (const v of [x, y, z]) { if (v > 0) { e = v; break; } } return e ? e + 1 : 0; })()',
    "(() => { let p; if (on) p = 'far'; else if (off) p = 'at'; return p ? gains[p] : 0; })()",
    'Number.isFinite(on ? x : undefined) ? 1 : 0',
    'Number.isNaN(on ? x : undefined) ? 1 : 0',
    'isNaN(on ? x : undefined) ? 1 : 0',
    'isNaN(on ? x : null) ? 1 : 0',
    'Number.isFinite(on) ? 1 : 0',
    'isFinite(on) ? 1 : 0',
    'Number.isInteger(on) ? 1 : 0',
    'Number.isInteger(x) ? 1 : 0',
    'Number.isNaN([1, 2, 3][k]) ? 1 : 0',
    'isNaN([1, 2, 3][k]) ? 1 : 0',
    'Number.isFinite([1, 2, 3][k]) ? 1 : 0',
    'Number.isNaN(names[k]) ? 1 : 0',
    '[x, y, z].filter(Number.isFinite).length',
  ],
  'arrays that are one of two, or filtered': [
    '[x].concat(on ? [y] : []).length',
    '[x].concat(on ? [y] : [], z).reduce((s, v) => s * 2 + v, 0)',
    '[x].concat(on ? [y, z] : 3).length',
    '[x].concat([x, y, z].filter((v) => v > 0)).length',
    '[x, ...(on ? [y] : [])].length',
    '[[x], on ? [y] : []].flat().length',
    '[[x], [x, y].filter((v) => v > 0)].flat().length',
    '[x, y].flatMap((v) => (v > 0 ? [v, v] : [])).length',
    '[x, y].flatMap((v) => (v > 0 ? [v, 2 * v] : [])).reduce((s, v) => s * 2 + v, 0)',
    '[x, y].flatMap((v) => (v > 0 ? v : [])).length',
    '[x, y, z].filter((v) => v > 0).flatMap((v) => [v, v]).length',
    '(() => { const p = [x, y, z].filter((v) => v > 0); p.reverse(); return p[0] ?? -9; })()',
    '(() => { const p = [x, y, z].filter((v) => v > 0); if (on) p.reverse(); return p[0] ?? -9; })()',
    '(() => { const p = [x, y, z].filter((v) => v > 0); const q = p.toReversed(); return (p[0] ?? -9) - (q[0] ?? -9); })()',
    '(() => { const p = [x, y, z].filter((v) => v > 0); const q = [...p]; q.reverse(); return (p[0] ?? -9) - (q[0] ?? -9); })()',
    '(() => { const p = [x, y, z].filter((v) => v > 0); const q = p; q.push(4); return p.length; })()',
    '(() => { const p = [x, y, z].filter((v) => v > 0); return p.push(4); })()',
    'Array.isArray([x, y].filter((v) => v > 0)) ? 1 : 0',
    'Array.isArray(on ? [x] : x) ? 1 : 0',
    '(() => { const p = (on ? [x, y] : [z]).map((v) => v + 1); return p.length + p[0]; })()',
    'typeof [x].find((v) => v > 0) === "undefined" ? 1 : 0',
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

  it('may ask once for several entries of the memory that begin as null', () => {
    const programs = [
      'if (memory.x !== null) moved = Math.hypot(next.trolley - memory.x, next.swing - memory.y);',
      'moved = memory.x === null ? 0 : memory.x * 2 + memory.y;',
    ].map((name) => ({
      name,
      source: `export const memory = { x: null, y: null };
export function reward({ next, memory }) {
  let moved = 0;
  ${name}
  return { components: { moved }, memory: { x: next.trolley, y: next.hooked ? next.swing : null } };
}`,
      environment: crane,
    }));
    expect(differences(programs, 11)).toEqual(Object.fromEntries(programs.map(({ name }) => [name, []])));
  });

  it.each([
    ['next.trolley - memory.prev', 'undefined-value', 'memory.prev ?? x'],
    ['distance(memory.prev ?? [next.trolley, next.swing], [1, 2])', 'shapes-differ', 'prev: [0, 0]'],
    ['(() => { const o = { a: 1 }; if (next.hooked) o.b = 2; return o.a + o.b; })()', 'undefined-value', 'b: 0'],
    [
      '(() => { const o = next.hooked ? { b: 1, a: 2 } : { a: 3, b: 4 }; return Object.values(o)[0]; })()',
      'shapes-differ',
      '{ b: 0, a: 0 }',
    ],
    [
      '(() => { const o = {}; if (next.hooked) o.b = 1; o.a = 2; o.b = 3; let n = 0; for (const k in o) n = 2 * n + o[k]; return n; })()',
      'shapes-differ',
      '{ b: 0, a: 0 }',
    ],
    ['[1, 2].includes(1, next.trolley)', 'wrong-arguments', 'slice'],
    ['[1, 2].with(next.trolley, 3)[0]', 'unsupported-index', 'map'],
  ])('that is refused names what is missing: %s', (expression, code, advice) => {
    const { ok, findings } = compile(
      `export const memory = { prev: null };
export function reward({ next, memory }) { return { components: { a: ${expression} }, memory: { prev: next.trolley } }; }`,
      crane,
    );
    expect(ok).toBe(false);
    expect(findings[0]).toMatchObject({ code, line: 2, advice: expect.stringContaining(advice) });
  });
});
