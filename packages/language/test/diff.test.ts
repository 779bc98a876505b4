import { describe, expect, it } from 'vitest';
import { describeChanges, diffRewards } from '../src/index.ts';
import { arm, crane } from './environments.ts';
import { compiled, fixtures } from './fixtures.ts';

const program = (body: string, head = 'export const params = { gain: 2, limit: 0.5 };') =>
  compiled({
    source: `${head}\nexport function reward({ obs, action, next, terminated, params, memory }) {\n${body}\n}`,
    environment: crane,
  });

const base = program(`
  const gap = Math.abs(next.trolley - next.mark);
  const calm = Math.exp(-params.gain * next.swing ** 2);
  return { place: -params.gain * gap, calm, held: next.hooked ? params.limit : 0 };`);

describe('the difference of two rewards', () => {
  it.each(fixtures)('of $name and itself is empty', (fixture) => {
    expect(diffRewards(compiled(fixture), compiled(fixture))).toEqual([]);
  });

  it('is empty under other names, layout and order of terms', () => {
    const same = program(`
      return {
        held: next.hooked ? params.limit : 0,
        place: Math.abs(next.trolley - next.mark) * -params.gain,
        calm: Math.exp(-(next.swing ** 2 * params.gain)),
      };`);
    expect(diffRewards(base, same)).toEqual([]);
    expect(describeChanges([])).toContain('No difference');
  });

  it('tells what was added, removed, renamed and changed, each change at its smallest part', () => {
    const after = program(
      `
      const distance = Math.abs(next.trolley - next.mark);
      return {
        closeness: -params.gain * distance,
        calm: Math.exp(-params.gain * Math.abs(next.swingRate)),
        still: Math.abs(next.trolleySpeed) < params.restSpeed ? 1 : 0,
      };`,
      'export const params = { gain: 3, restSpeed: 0.05 };',
    );
    const changes = diffRewards(base, after);
    expect(changes).toEqual([
      { kind: 'component-renamed', from: 'place', to: 'closeness' },
      {
        kind: 'component-changed',
        component: 'calm',
        changes: [{ before: 'next.swing ** 2', after: 'Math.abs(next.swingRate)' }],
      },
      {
        kind: 'component-added',
        component: 'still',
        formula: 'Math.abs(next.trolleySpeed) < params.restSpeed ? 1 : 0',
      },
      { kind: 'component-removed', component: 'held', formula: 'next.hooked ? params.limit : 0' },
      { kind: 'param-changed', param: 'gain', from: 2, to: 3 },
      { kind: 'param-removed', param: 'limit', value: 0.5 },
      { kind: 'param-added', param: 'restSpeed', value: 0.05 },
    ]);
    expect(describeChanges(changes)).toBe(
      [
        'component place renamed to closeness',
        'component calm changed:',
        '    - next.swing ** 2',
        '    + Math.abs(next.swingRate)',
        'component still added: Math.abs(next.trolleySpeed) < params.restSpeed ? 1 : 0',
        'component held removed: next.hooked ? params.limit : 0',
        'param gain: 2 to 3',
        'param limit removed: was 0.5',
        'param restSpeed added: 0.05',
      ].join('\n'),
    );
  });

  it('tells a renamed param from a changed formula', () => {
    const after = program(
      `
      const gap = Math.abs(next.trolley - next.mark);
      const calm = Math.exp(-params.gain * next.swing ** 2);
      return { place: -params.gain * gap, calm, held: next.hooked ? params.bonus : 0 };`,
      'export const params = { gain: 2, bonus: 0.5 };',
    );
    expect(diffRewards(base, after)).toEqual([{ kind: 'param-renamed', from: 'limit', to: 'bonus' }]);
  });

  it('tells changes of memory and of a total of its own', () => {
    const head = 'export const params = { gain: 2 };\nexport const memory = { steps: 0 };';
    const one = program(
      'return { total: next.swing, components: { a: next.swing }, memory: { steps: memory.steps + 1 } };',
      head,
    );
    const two = program(
      'return { total: Math.max(-1, next.swing), components: { a: next.swing }, memory: { steps: memory.steps + 2 } };',
      head,
    );
    expect(diffRewards(one, two)).toEqual([
      { kind: 'total-changed', changes: [{ before: 'next.swing', after: 'Math.max(-1, next.swing)' }] },
      { kind: 'memory-changed', entry: 'steps', changes: [{ before: '1', after: '2' }] },
    ]);
  });

  it('calls the parts of a long formula by their names', () => {
    const source = (tail: string): string => `export function reward({ next, action }) {
      const error = distance(next.hand, next.target) + 0.1 * norm(next.jointSpeeds) + 0.01 * dot(action, action);
      const effort = action.map((a, i) => Math.abs(a * next.jointSpeeds[i])).reduce((a, b) => a + b, 0);
      return { a: error * effort * Math.exp(-error) * Math.tanh(effort)${tail} };
    }`;
    const [change] = diffRewards(
      compiled({ source: source(''), environment: arm }),
      compiled({ source: source(' / (1 + error)'), environment: arm }),
    );
    expect(describeChanges(change ? [change] : [])).toContain('error * effort * Math.exp(-error) * Math.tanh(effort)');
  });
});
