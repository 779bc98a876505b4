import type { Supervisor } from '../../src/supervisor/supervisor.ts';
import { body, rollout } from './programs.ts';

/**
 * Walks everything that a program can reach from its globals, its arguments and its syntax, and writes a line for each
 * object: the shortest way to it, whether it is frozen, and the names it carries. The text leaves as character codes.
 */
const walk = `
  const seen = new Map(), queue = [], lines = [];
  const { getOwnPropertyNames, getOwnPropertySymbols, getOwnPropertyDescriptor, getPrototypeOf, isFrozen } = Object;
  const visit = (value, path) => {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) return;
    seen.set(value, path);
    queue.push(value);
  };
  visit(globalThis, 'globalThis');
  const syntax = {
    function: function () {}, arrow: () => {}, async: async () => {}, generator: function* () {}, asyncGenerator: async function* () {},
    class: class {}, object: {}, array: [], regexp: /a/, promise: (async () => {})(), generated: (function* () {})(), asyncGenerated: (async function* () {})(),
    arguments: (function () { return arguments; })(), template: ((strings) => strings)\`a\`, match: 'a'.matchAll(/a/g), string: ''[Symbol.iterator](),
    mapIterator: new Map()[Symbol.iterator](), setIterator: new Set()[Symbol.iterator](), helper: [].values().map((x) => x),
    error: (() => { try { null.x; } catch (error) { return error; } })(), suppressed: (() => { try { using held = { [Symbol.dispose]() { throw 1; } }; throw 2; } catch (error) { return error; } })(), bigint: Object(1n), number: Object(1), symbol: Object(Symbol()), boxed: Object(''),
  };
  for (const name of Object.keys(syntax)) visit(getPrototypeOf(syntax[name]), name + '.__proto__');
  for (const [name, value] of [['columns', columns], ['offsets', offsets], ['params', params], ['outputs', outputs]]) visit(getPrototypeOf(value), name + '.__proto__');
  for (let at = 0; at < queue.length; at += 1) {
    const value = queue[at], path = seen.get(value);
    const keys = [...getOwnPropertyNames(value), ...getOwnPropertySymbols(value)].filter((key) => key !== 'length' && key !== 'name');
    const label = (key) => typeof key === 'symbol' ? '[' + key.description + ']' : key;
    if (keys.length > 0) lines.push((isFrozen(value) ? '' : 'open ') + path + ': ' + keys.map(label).sort().join(' '));
    else if (!isFrozen(value) && typeof value !== 'function') lines.push('open ' + path);
    visit(getPrototypeOf(value), path + '.__proto__');
    for (const key of keys) {
      const { value: held, get, set } = getOwnPropertyDescriptor(value, key);
      visit(held, path + '.' + label(key));
      visit(get, 'get ' + path + '.' + label(key));
      visit(set, 'set ' + path + '.' + label(key));
    }
  }
  const text = lines.sort().join('\\n');
  for (let i = 0; i < text.length; i += 1) outputs[1][i] = text.charCodeAt(i);
`;

/** The lines of the walk, sorted. */
export async function reachable(supervisor: Supervisor): Promise<string[]> {
  const outcome = await supervisor.label('tenant', body(walk), rollout(60_000));
  if (outcome.kind !== 'ok') throw new Error(`the walk ended as ${outcome.kind}: ${JSON.stringify(outcome)}`);
  const codes = [...(outcome.value.columns[1] ?? [])].filter((code) => code !== 0);
  return String.fromCharCode(...codes).split('\n');
}
