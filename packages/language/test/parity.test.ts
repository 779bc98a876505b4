import { describe, expect, it } from 'vitest';
import { chooseParitySteps, compile, limits, seededRandom } from '../src/index.ts';
import { arm } from './environments.ts';

function chosen(source: string) {
  const compilation = compile(source, arm);
  if (!compilation.ok) throw new Error(compilation.findings[0]?.message);
  return chooseParitySteps(compilation.program, seededRandom(3));
}

describe('steps of a parity file', () => {
  it('go every way of a program with memory, though a term of it may cancel', () => {
    const { branches, covered, episodes } = chosen(`
      export const memory = { held: 0 };
      export function reward({ next, memory }) {
        const away = distance(next.hand, next.target) * 6;
        const held = away < 3 ? memory.held + 1 : 0;
        return {
          components: { near: 1 - Math.tanh(away), held: held >= 5 ? 1 : 0, touch: next.holding ? -1 : 0 },
          memory: { held },
        };
      }`);
    expect(branches).toBe(6);
    expect(covered).toBe(branches);
    expect(episodes.flat().length).toBeGreaterThanOrEqual(limits.parityFewestSteps);
    expect(episodes.every((episode) => episode.length === limits.parityEpisodeSteps)).toBe(true);
  });

  it('look nothing up outside its table, where plain JavaScript throws, unless the program asks first', () => {
    const { branches, covered, episodes, layout } = chosen(`
      const TURNS = [[1, 0], [0, 1], [-1, 0]];
      const COSTS = [{ move: 1 }, { move: 2 }];
      export function reward({ obs, next }) {
        const [x, y] = TURNS[obs.grip];
        return { a: x * next.hand[0] + y * next.hand[1], b: next.grip < 2 ? COSTS[next.grip].move : 0 };
      }`);
    const grips = (role: string): ReadonlySet<number | undefined> => {
      const place = layout.findIndex((column) => column.role === role && column.field === 'grip');
      return new Set(episodes.flat().map((row) => row[place]));
    };
    expect([...grips('obs')].toSorted()).toEqual([0, 1, 2]);
    expect([...grips('next')].toSorted()).toEqual([0, 1, 2]);
    expect(covered).toBe(branches);
  });

  it('stand at bounds and landmarks of functions, where no language rounds', () => {
    const { branches, covered } = chosen(`
      export const memory = { sum: 0 };
      export function reward({ next, memory }) {
        const x = clamp(next.blockTurn[0], -0.5, 0.5) * 2;
        const a = Math.sqrt(1 - x ** 2) + 1 / (Math.acos(x) + 0.1);
        return { components: { a, b: 1 - tolerance(next.grip, [5, 10], 4) }, memory: { sum: memory.sum + a } };
      }`);
    expect(branches).toBe(6);
    expect(covered).toBe(branches);
  });
});
