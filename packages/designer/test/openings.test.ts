import { type BuiltinEnvironment, builtinEnvironments } from '@rewardsmith/environments';
import { compile } from '@rewardsmith/language';
import { describe, expect, it, test } from 'vitest';
import { grammarFor } from '../src/grammar/grammar.ts';
import { openings } from '../src/grammar/openings.ts';
import { createGrammarDesigner } from '../src/index.ts';
import { outcomePerStep } from '../src/outcome.ts';
import { requestOn } from './request.ts';

const designer = createGrammarDesigner();

function environmentNamed(name: string): BuiltinEnvironment {
  const found = builtinEnvironments.get(name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

const opened = (name: string): readonly string[] => {
  const environment = environmentNamed(name);
  const found = openings(environment.definition, grammarFor(environment.definition, environment));
  return found.map((terms) => terms.map((term) => term.name).join(' '));
};

async function proposed(environment: BuiltinEnvironment, opening: number | undefined, flat = false): Promise<string> {
  const { source } = await designer.propose(requestOn(environment, { seed: 1_234_567_891, opening, flat }));
  return source;
}

describe('openings', () => {
  it('are what an engineer tries first, where the task has terms for them', () => {
    expect(opened('mountain-car-continuous')).toEqual([
      'fitness',
      'together',
      'goal time',
      'goal shortfall1 shortfall2',
      'goal together effort',
      'goal effort',
      'goal progress1 progress2 shortfall1 shortfall2 effort',
    ]);
    expect(opened('lava-diamond')).toEqual([
      'goal time',
      'goal lowerDiamondDistance raiseCellsVisited avoidInLava time',
    ]);
    expect(opened('pusher')).toContain('shortfall lowPuckDistance lowGoalDistance effort');
  });

  test.each(
    [...builtinEnvironments.values()].map((environment) => [environment.definition.name, environment] as const),
  )('on %s are programs of the language, each another', async (name, environment) => {
    const sources = await Promise.all(opened(name).map((_, place) => proposed(environment, place)));
    for (const source of sources) expect(compile(source, environment.definition)).toMatchObject({ ok: true });
    expect(new Set(sources).size).toBe(sources.length);
  });

  it('give way to what is drawn, after the last of them, beyond the first generation and without any preference', async () => {
    const environment = environmentNamed('lava-diamond');
    const drawn = await proposed(environment, undefined);
    expect(await proposed(environment, 2)).toBe(drawn);
    expect(await proposed(environment, 0)).not.toBe(drawn);
    expect(await proposed(environment, 0, true)).toBe(await proposed(environment, undefined, true));
  });
});

describe('what a step adds to the fitness', () => {
  const { definition } = environmentNamed('hopper');
  const of = (body: string, aggregate: 'sum' | 'mean' | 'max' | 'last' = 'sum', before = '') =>
    outcomePerStep(
      { source: `${before}export function success({ obs, next, action, env }) {\n${body}\n}\n`, aggregate },
      definition,
    );

  it('is the fitness itself where steps are summed, and its change where the last or the greatest counts', () => {
    expect(of('return 2 * next.distance - action[0] ** 2;')).toBe('(2 * next.distance - action[0] ** 2)');
    expect(of('const far = next.distance;\nreturn far > 1 ? 100 : 0;', 'mean')).toBe('((next.distance) > 1 ? 100 : 0)');
    expect(of('return next.distance;', 'last')).toBe('((next.distance) - (obs.distance))');
    expect(of('return next.distance / env.goalDistance;', 'max')).toBe(
      '((next.distance / env.goalDistance) - (obs.distance / env.goalDistance))',
    );
  });

  it('spells out what the program names itself, and changes every reading of the state', () => {
    expect(of('return W * next.distance;', 'sum', 'const W = 2;\n')).toBe('((2) * next.distance)');
    expect(of('const θ = next.distance;\nreturn 2 * θ;')).toBe('(2 * (next.distance))');
    expect(of('const all = next.jointAngles;\nreturn Math.max(...all);')).toBe('(Math.max(...(next.jointAngles)))');
    expect(of('return next?.distance + Math.max(...next.jointAngles);', 'last')).toBe(
      '((next?.distance + Math.max(...next.jointAngles)) - (obs?.distance + Math.max(...obs.jointAngles)))',
    );
    expect(of('const made = next.distance;\nreturn made;', 'max')).toBe('(((next.distance)) - ((obs.distance)))');
    expect(of('return next.jointAngles[0];')).toBe('(next.jointAngles[0])');
  });

  it('is not known of a condition, of a program with more than one return, and of what a reward cannot read', () => {
    expect(of('return next.distance >= env.goalDistance;')).toBeUndefined();
    expect(of('if (next.distance > 1) return 1;\nreturn 0;')).toBeUndefined();
    expect(
      of('return 1 + helper(next);', 'sum', 'function helper(state) { return state.distance; }\n'),
    ).toBeUndefined();
    expect(of('const { distance } = next;\nreturn distance + 1;')).toBeUndefined();
    expect(of('return next.distance + /* far */ 1;')).toBeUndefined();
    expect(of('return params.far * next.distance;', 'sum', 'export const params = { far: 2 };\n')).toBeUndefined();
    // What the last step cost is no change of anything.
    expect(of('return next.distance - action[0] ** 2;', 'last')).toBeUndefined();
    expect(of('return next.jointAngles;')).toBeUndefined();
  });
});
