import { Environment } from '@rewardsmith/contracts';
import { builtinEnvironments } from '@rewardsmith/environments';
import { compile } from '@rewardsmith/language';
import { describe, expect, it } from 'vitest';
import { marginProgram } from '../src/index.ts';

describe('the margin of a success condition', () => {
  it('is a program of the reward language for every built-in task that has one', () => {
    const found = [...builtinEnvironments.values()].flatMap(({ definition, success }) => {
      const source = marginProgram(success, definition);
      if (source === undefined) return [];
      const compilation = compile(source, definition);
      expect(compilation.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
      return [definition.name];
    });
    expect(found).toContain('pendulum');
    expect(found.length).toBeGreaterThanOrEqual(3);
  });

  it('is nothing for a condition without a comparison of the state', () => {
    const environment = Environment.parse({
      name: 'flagged',
      observation: [{ name: 'done', shape: [], unit: 'boolean' }],
      action: { kind: 'discrete', n: 2 },
      maxEpisodeSteps: 5,
    });
    expect(marginProgram('export function success({ next }) { return next.done; }', environment)).toBeUndefined();
  });
});
