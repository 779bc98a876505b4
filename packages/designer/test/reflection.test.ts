import type { Finding } from '@rewardsmith/contracts';
import { builtinEnvironments } from '@rewardsmith/environments';
import { describe, expect, it } from 'vitest';
import { grammarFor } from '../src/grammar/grammar.ts';
import { add, drop, rescale } from '../src/operators.ts';
import { seededRandom } from '../src/random.ts';
import { lessonsOf } from '../src/reflection.ts';
import { enter } from '../src/sketch.ts';

const reacher = builtinEnvironments.get('reacher');
if (reacher === undefined) throw new Error('there is no reacher');
const { terms } = grammarFor(reacher.definition, reacher);
const term = (name: string) => {
  const found = terms.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no term ${name}`);
  return found;
};
const sketch = {
  functions: [],
  components: ['goal', 'time', 'effort', 'nearness'].map((name) => enter(term(name), 1)),
};
const finding = (code: string, component?: string): Finding => ({
  code,
  severity: 'warning',
  message: '',
  advice: '',
  ...(component === undefined ? {} : { component }),
});
/** Seeds are mixed, as the engine's are. */
const draws = <T>(draw: (seed: number) => T) =>
  Array.from({ length: 60 }, (_, seed) => draw(Math.imul(seed + 1, 2_654_435_761) >>> 1));

describe('lessons', () => {
  it('suspect a component that was silent or farmed, and never the goal itself', () => {
    const findings = [
      finding('component-flat', 'goal'),
      finding('component-flat', 'time'),
      finding('reward-hacking', 'effort'),
    ];
    expect([...lessonsOf(findings, 'taxonomy', sketch, terms).suspects]).toEqual(['time', 'effort']);
  });

  it('never suspect what the task is judged by', () => {
    const hopper = builtinEnvironments.get('hopper');
    if (hopper === undefined) throw new Error('there is no hopper');
    const known = grammarFor(hopper.definition, hopper).terms;
    const components = known.filter(({ name }) => name === 'fitness' || name === 'alive').map((each) => enter(each, 1));
    const silent = components.map(({ name }) => finding('component-flat', name));
    expect([...lessonsOf(silent, 'taxonomy', { functions: [], components }, known).suspects]).toEqual(['alive']);
  });

  it('ask for terms that answer a failure mode, which the program lacks', () => {
    const { wanted } = lessonsOf([finding('idle')], 'taxonomy', sketch, terms);
    const names = wanted.map(({ name }) => name);
    expect(names).toContain('progress');
    expect(names).not.toContain('time');
    expect(lessonsOf([finding('idle')], 'metrics', sketch, terms).wanted).toEqual([]);
    expect(lessonsOf([finding('component-flat', 'time')], 'none', sketch, terms).suspects.size).toBe(0);
  });

  it('are heeded by the operators more often than not, and not always', () => {
    const lessons = lessonsOf(
      [finding('component-flat', 'time'), finding('component-dominating', 'nearness'), finding('never-approached')],
      'taxonomy',
      sketch,
      terms,
    );
    const dropped = draws((seed) => drop(sketch, seededRandom(seed), lessons)?.thought);
    const times = dropped.filter((thought) => thought === 'Drops time.').length;
    expect(times).toBeGreaterThan(30);
    expect(times).toBeLessThan(60);
    const scaled = draws((seed) => rescale(sketch, seededRandom(seed), lessons)?.sketch.components.at(-1)?.weight ?? 1);
    expect(scaled.filter((weight) => weight < 1).length).toBeGreaterThan(30);
    expect(scaled.filter((weight) => weight > 1)).toEqual([]);
    const added = draws(
      (seed) => add(sketch, terms, seededRandom(seed), lessons)?.sketch.components.at(-1)?.name ?? '',
    );
    expect(added.filter((name) => lessons.wanted.some((each) => each.name === name)).length).toBeGreaterThan(30);
  });
});
