import { builtinEnvironments } from '@rewardsmith/environments';
import { describe, expect, it } from 'vitest';
import { createGrammarDesigner, formsOf, learnedForms } from '../src/index.ts';
import { requestOn } from './request.ts';

const acrobot = builtinEnvironments.get('acrobot');
if (acrobot === undefined) throw new Error('there is no acrobot');
const { definition } = acrobot;

describe('learned forms', () => {
  it('favour what the better candidates had, and doubt what was seen seldom', () => {
    const often = Array.from({ length: 30 }, (_, index) => ({
      forms: [index % 2 === 0 ? 'progress' : 'high'],
      gain: index % 2 === 0 ? 0.9 : 0.1,
    }));
    const weights = learnedForms([...often, { forms: ['record'], gain: 1 }]);
    expect(weights['progress']).toBeGreaterThan(1.2);
    expect(weights['high']).toBeLessThan(0.85);
    expect(weights['record']).toBeGreaterThan(1);
    expect(weights['record']).toBeLessThan(weights['progress'] ?? 0);
    expect(weights['goal']).toBeUndefined();
  });

  it('are those of the terms, each once', () => {
    expect(formsOf(['goal', 'progress', 'raiseCosTheta1', 'raiseCosTheta2', 'mine'], definition, acrobot)).toEqual([
      'goal',
      'progress',
      'rise',
    ]);
  });

  it('have a say in what is proposed', async () => {
    const designer = createGrammarDesigner();
    const shareWith = async (forms: Readonly<Record<string, number>>) => {
      let found = 0;
      for (let seed = 0; seed < 100; seed += 1) {
        const { source } = await designer.propose(
          requestOn(acrobot, { seed: Math.imul(seed + 1, 2_654_435_761) >>> 1, forms, reflection: 'taxonomy' }),
        );
        if (source.includes('record: params.record')) found += 1;
      }
      return found;
    };
    expect(await shareWith({ record: 20 })).toBeGreaterThan(3 * (await shareWith({})));
  });
});
