import type { ParentRule } from '@rewardsmith/contracts';
import { describe, expect, it } from 'vitest';
import { drawParent, type Member } from '../src/index.ts';
import { seededRandom } from '../src/random.ts';
import { member } from './members.ts';

const pool = Array.from({ length: 9 }, (_, index) => member(`m${index}`, { index, fitness: index })) as [Member];
const none = new Map<string, number>();

function shares(parents: ParentRule, members: readonly [Member, ...Member[]] = pool, children = none) {
  const random = seededRandom(11);
  const counts = new Map<string, number>();
  for (let draw = 0; draw < 4_000; draw += 1) {
    const { id } = drawParent(members, { parents, tournamentSize: 3 }, children, random);
    counts.set(id, (counts.get(id) ?? 0) + 1 / 4_000);
  }
  return (id: string) => counts.get(id) ?? 0;
}

describe('parent rules', () => {
  it('greedy takes the best alone', () => {
    expect(shares('greedy')('m8')).toBeCloseTo(1);
  });

  it('uniform takes each as often', () => {
    expect(shares('uniform')('m0')).toBeCloseTo(1 / 9, 1);
  });

  it('a tournament of three takes the best as often as its draws hold it', () => {
    expect(shares('tournament')('m8')).toBeCloseTo(1 - (8 / 9) ** 3, 1);
  });

  it('rank falls in a straight line, whatever the scale of fitness', () => {
    const share = shares('rank');
    expect(share('m8')).toBeCloseTo(1.7 / 9, 1);
    expect(share('m4')).toBeCloseTo(1 / 9, 1);
    expect(share('m0')).toBeCloseTo(0.3 / 9, 1);
    const steep = pool.map((each) => member(each.id, { index: each.index, fitness: Math.exp(each.fitness) })) as [
      Member,
    ];
    expect(shares('rank', steep)('m8')).toBe(share('m8'));
  });

  it('weighted prefers the fit, and of equals who has fewer children', () => {
    const share = shares('weighted');
    expect(share('m8')).toBeGreaterThan(2 * share('m0'));
    const varied = shares('weighted', pool, new Map([['m8', 3]]));
    expect(varied('m8')).toBeLessThan(share('m8') / 2);
    expect(varied('m7')).toBeGreaterThan(varied('m8'));
  });

  it('weighted draws by the logistic function of median deviations, over one more than the children, whatever the sign of fitness', () => {
    const near = (found: number, expected: number) => expect(Math.abs(found - expected)).toBeLessThan(0.03);
    const chances = [-1, 0, 1].map((above) => 1 / (1 + Math.exp(-above)));
    const [low = 0, middle = 0, high = 0] = chances;
    const three = [-30, -20, -10].map((fitness, index) => member(`m${index}`, { index, fitness })) as [Member, Member];
    const share = shares('weighted', three, new Map([['m2', 1]]));
    const sum = low + middle + high / 2;
    near(share('m0'), low / sum);
    near(share('m1'), middle / sum);
    near(share('m2'), high / 2 / sum);
    const level = [1, 1, 1, 5].map((fitness, index) => member(`m${index}`, { index, fitness })) as [Member, Member];
    near(shares('weighted', level)('m3'), high / (3 * middle + high));
  });

  it.each<ParentRule>(['tournament', 'greedy', 'rank', 'weighted', 'pareto', 'uniform'])(
    '%s takes the one there is',
    (rule) => expect(shares(rule, [member('alone', { fitness: -1 })])('alone')).toBeCloseTo(1),
  );

  it('pareto takes who is best in some part, as often as in parts, and nobody else', () => {
    const parts: readonly [Member, ...Member[]] = [
      member('seed-one', { fitness: 5, values: [9, 1, 5] }),
      member('two-seeds', { fitness: 6, values: [2, 8, 8] }),
      member('safe', { fitness: 1, values: [1, 1, 1], behaviour: [1, 1] }),
      member('second-everywhere', { fitness: 7, values: [8, 7, 7] }),
    ];
    const share = shares('pareto', parts);
    expect(share('second-everywhere')).toBe(0);
    expect(share('two-seeds')).toBeCloseTo(0.5, 1);
    expect(share('seed-one')).toBeCloseTo(0.25, 1);
    expect(share('safe')).toBeCloseTo(0.25, 1);
  });

  it('pareto holds means against each other where members have had different numbers of trainings', () => {
    const share = shares('pareto', [
      member('twice', { fitness: 3, values: [5, 1], behaviour: [0.5, 1] }),
      member('once', { fitness: 4, values: [4], behaviour: [0.5, 1] }),
    ]);
    expect(share('once')).toBeCloseTo(1, 9);
    expect(share('twice')).toBe(0);
  });
});
