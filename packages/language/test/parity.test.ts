import { describe, expect, it } from 'vitest';
import { chooseParitySteps, compile, limits, seededRandom } from '../src/index.ts';
import type { RewardProgram } from '../src/ir/program.ts';
import { scalarise } from '../src/ir/scalarise.ts';
import { branchesOf, wayTaken } from '../src/parity/branches.ts';
import { Candidates } from '../src/parity/candidates.ts';
import { columnOf } from '../src/parity/columns.ts';
import { possibleWays } from '../src/parity/possible.ts';
import { Walker } from '../src/parity/walk.ts';
import { arm } from './environments.ts';
import { fixtures } from './fixtures.ts';

/** Ways called impossible that drawn episodes go after all. */
function impossibleWaysGone(program: RewardProgram, episodes: number): readonly string[] {
  const scalar = scalarise(program);
  const walker = new Walker(program, scalar, columnOf(program.environment));
  const { nodes } = walker.evaluation;
  const isPossible = possibleWays(scalar, program.environment, program.params, program.memory, nodes);
  const impossible = branchesOf(nodes).filter((branch) => !isPossible(branch));
  const candidates = new Candidates(program.environment, [...program.params.values()], new Map(), seededRandom(11));
  const drawn = Array.from({ length: episodes }, (_, at) =>
    Array.from({ length: 12 }, () => candidates.row([0, 0.1, 0.6, 1][at % 4] ?? 0)),
  );
  return drawn.flatMap((episode) =>
    walker
      .steps(episode)
      .flatMap((values) =>
        impossible
          .filter(({ node, way }) => wayTaken(node, values) === way)
          .map(({ node, way }) => `${way} of ${node.op}`),
      ),
  );
}

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

  it('go on for as long as memory has to count', () => {
    const { branches, covered, episodes } = chosen(`
      export const memory = { still: 0, best: 10 };
      export function reward({ next, memory }) {
        const gap = distance(next.hand, next.target);
        const still = gap < memory.best - 0.01 ? 0 : memory.still + 1;
        return {
          components: { gap: -gap, stuck: still > 100 ? -1 : 0, near: gap < 0.02 && norm(next.jointSpeeds) < 0.1 ? 1 : 0 },
          memory: { still, best: Math.min(memory.best, gap) },
        };
      }`);
    expect(covered).toBe(branches);
    expect(Math.max(...episodes.map((episode) => episode.length))).toBeGreaterThan(100);
    expect(episodes.flat().length).toBeLessThanOrEqual(limits.parityMostLongSteps);
  });

  it('reach a condition on what several fields make together', () => {
    const { branches, covered } = chosen(`
      export function reward({ next }) {
        const turn = quatMul(quatConjugate(quatNormalize(next.blockTurn)), quatNormalize(next.targetTurn));
        const angle = 2 * Math.asin(Math.min(norm(turn.slice(1)), 1));
        const aligned = Math.abs(next.hand[0] - next.block[0]) < 1e-4 && next.hand[1] === next.block[1] && norm(next.hand) > 30;
        return { angle: -angle, aligned: aligned ? 1 : 0, far: Math.exp(-norm(next.hand)) > 0 ? 0 : 1 };
      }`);
    expect(covered).toBe(branches);
  });

  it('leave out ways that no step can go', () => {
    const { branches, covered } = chosen(`
      export const memory = { steps: 0 };
      export function reward({ next, memory }) {
        const height = next.block[2];
        const stage = height < 0.1 ? 0 : height < 0.3 ? 1 : 2;
        const near = tolerance(height, [0.2, Infinity], 0.1);
        const both = stage === 1 && height > 0.5;
        const late = memory.steps >= 0 ? 1 : 0;
        return {
          components: { stage, near, both: both ? 1 : 0, late, bounded: Math.max(0, Math.tanh(height) + 1) },
          memory: { steps: memory.steps + 1 },
        };
      }`);
    expect(covered).toBe(branches);
  });

  it('look up every entry of a table of as many as are each a way', () => {
    const entries = Array.from({ length: limits.parityTable }, (_, index) => (index * 37) % 101);
    const last = entries.length - 1;
    const steps = chosen(`const TABLE = [${entries.join(', ')}];
export function reward({ next }) {
  const at = Math.max(0, Math.min(${last}, Math.floor(((next.hand[0] + 1) / 2) * ${entries.length})));
  return { entry: TABLE[at] };
}`);
    expect(steps.branches).toBeGreaterThanOrEqual(2 * last);
    expect(steps.covered).toBe(steps.branches);
  });

  it('take the default of a table of records', () => {
    const { covered, branches, episodes, layout } = chosen(`
      const STAGES = { 0: { bonus: 1 }, 3: { bonus: 2 } };
      const NONE = { bonus: 0 };
      export function reward({ obs, next }) {
        const stage = STAGES[next.grip] ?? NONE;
        return { bonus: stage.bonus, before: STAGES[obs.grip]?.bonus ?? 0 };
      }`);
    const place = layout.findIndex((column) => column.role === 'next' && column.field === 'grip');
    expect(episodes.flat().some((row) => row[place] !== 0 && row[place] !== 3)).toBe(true);
    expect(covered).toBe(branches);
  });

  it('say how large the terms are that cancel', () => {
    const { episodes, scales } = chosen(`
      export function reward({ next }) {
        const here = Math.exp(-norm(next.hand));
        return { a: here - Math.exp(-norm(next.hand.map((x) => x + 1e-9))), b: Math.cos(next.grip) };
      }`);
    expect(episodes.flat().length).toBeGreaterThanOrEqual(limits.parityFewestSteps);
    const sizes = scales.flat().map((scale) => scale['a'] ?? 0);
    expect(sizes.filter((size) => size > 0).length).toBeGreaterThan(30);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1);
    expect(scales.flat().every((scale) => scale['b'] === undefined)).toBe(true);
  });
});

describe('ways that are proved impossible', () => {
  it('are gone by no row of any kind', () => {
    const rows = fixtures.flatMap(({ source, environment }) => {
      const compilation = compile(source, environment);
      if (!compilation.ok) throw new Error(compilation.findings[0]?.message);
      return impossibleWaysGone(compilation.program, 40);
    });
    expect(rows).toEqual([]);
  });
});
