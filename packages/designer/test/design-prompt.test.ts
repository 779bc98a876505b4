import type { Finding } from '@rewardsmith/contracts';
import { describe, expect, it } from 'vitest';
import { type DesignRequest, designPrompt, type EvaluatedParent, freeBrief } from '../src/index.ts';
import { limits } from '../src/limits.ts';
import { parent, stuck } from './parent.ts';

const request: DesignRequest = { operator: 'initial', brief: freeBrief, parents: [], tried: [], start: {} };

describe('the prompt of a proposal', () => {
  it('starts from what a person gives', () => {
    const { purpose, inputs } = designPrompt({ ...request, start: { reward: 'REWARD', words: 'Keep it low.' } });
    expect(purpose).toBe('designer.initial');
    expect(inputs).toMatchObject({ startReward: 'REWARD', words: 'Keep it low.' });
  });

  it('says of a parent that it is the reward which the person gave', () => {
    const evidence = (given: boolean) =>
      designPrompt({ ...request, operator: 'refine', parents: [{ ...parent, given }] }).inputs['evidence'];
    expect(evidence(true)).toContain('the reward that the person gave to start from');
    expect(evidence(false)).not.toContain('the person gave');
  });

  it('asks the same again with the fault and the program that was given', () => {
    const findings = [{ ...stuck, code: 'duplicate-program', severity: 'error' as const }];
    const { purpose, inputs } = designPrompt({
      ...request,
      operator: 'refine',
      parents: [parent],
      again: { programs: [{ place: { number: 1, of: 1 }, source: 'GIVEN', findings }], attempt: 2, attempts: 3 },
    });
    expect(purpose).toBe('designer.refine');
    expect(inputs).toMatchObject({
      refused: [{ name: '', source: 'GIVEN', findings: expect.stringContaining('error duplicate-program') }],
      attempt: '2',
      attempts: '3',
      parent: parent.source.trim(),
    });
  });

  it('shows a parent with its fitness, facts, findings with evidence, and causes', () => {
    const { purpose, inputs } = designPrompt({ ...request, operator: 'refine', parents: [parent] });
    expect(purpose).toBe('designer.refine');
    expect(inputs['evidence']).toContain('0.1235 over 2 training runs, standard deviation 0.1; 25% of episodes');
    expect(inputs['evidence']).toContain('The idea of it: Height is what counts.');
    expect(inputs['evidence']).toContain('met the task. A policy that does nothing has 0.01235.');
    expect(inputs['evidence']).toContain('FACTS');
    expect(inputs['evidence']).toContain(
      'stuck [level]: 3 of 3 episodes stood still. Seen in episode 1, steps 20 to 40',
    );
    expect(inputs['evidence']).toContain('The level pays for waiting. Pay the change of height.');
  });

  it('shows what the critic and its review said of a parent before it was trained', () => {
    const warnings: readonly Finding[] = [
      { code: 'wrong-unit', severity: 'warning', message: 'Line 3 adds m to rad.', advice: 'Divide by the bound.' },
    ];
    const evidence = (own: EvaluatedParent) =>
      designPrompt({ ...request, operator: 'refine', parents: [own] }).inputs['evidence'];
    expect(evidence({ ...parent, warnings })).toContain(
      'Said before training:\n\n- wrong-unit: Line 3 adds m to rad. Divide by the bound.',
    );
    expect(evidence(parent)).not.toContain('Said before training');
  });

  it('says of a parent that was screened alone that its training was short', () => {
    const parents = [{ ...parent, short: true, fitness: { ...parent.fitness, values: [0.1] } }];
    const { inputs } = designPrompt({ ...request, operator: 'crossover', parents: [...parents, parent] });
    expect(inputs['firstEvidence']).toContain(
      'over 1 short training run; 25% of episodes met the task; it was not trained',
    );
    expect(inputs['secondEvidence']).not.toContain('short');
  });

  it('says nothing of success where the task has a fitness of its own', () => {
    const parents = [{ ...parent, ownFitness: true }];
    const { inputs } = designPrompt({ ...request, operator: 'refine', parents });
    expect(inputs['evidence']).toContain('standard deviation 0.1.');
    expect(inputs['evidence']).not.toContain('met the task');
  });

  it('is a fresh start when the parents that its operator takes are missing', () => {
    expect(designPrompt({ ...request, operator: 'rewrite' }).purpose).toBe('designer.initial');
    expect(designPrompt({ ...request, operator: 'crossover', parents: [parent] }).purpose).toBe('designer.refine');
    expect(designPrompt({ ...request, operator: 'crossover', parents: [parent, parent] }).purpose).toBe(
      'designer.crossover',
    );
  });

  it('carries the words of the person in every operator', () => {
    for (const operator of ['initial', 'refine', 'rewrite', 'crossover'] as const) {
      const { inputs } = designPrompt({
        ...request,
        operator,
        parents: [parent, parent],
        start: { words: 'Keep it low.' },
      });
      expect(Object.values(inputs).join('\n')).toContain('Keep it low.');
    }
  });

  it('stays of bounded length, whatever names and messages are in it', () => {
    const long = 'x'.repeat(100_000);
    const swollen: EvaluatedParent = {
      ...parent,
      facts: long,
      findings: [{ ...stuck, message: long }],
      causes: [{ finding: 'stuck', cause: long, advice: long }],
      summary: long,
    };
    const tried = [
      { thought: long, components: [long], fitness: 1, short: false, problems: [long, long], source: long },
    ];
    const { inputs } = designPrompt({ ...request, operator: 'refine', parents: [swollen], tried });
    expect(Object.values(inputs).join('').length).toBeLessThan(limits.factsLength + limits.triedSourceLength + 5_000);
  });

  it('lists what was tried, the best first, and the last that were refused', () => {
    const tried = Array.from({ length: 12 }, (_, index) => ({
      thought: `idea ${index}`,
      components: ['a'],
      fitness: index < 8 ? index : undefined,
      short: index === 3,
      problems: index < 8 ? [] : [`unknown-field: no ${index}`],
      source: `SOURCE ${index}`,
    }));
    const text = String(designPrompt({ ...request, tried }).inputs['tried']);
    expect(text.split('\n')).toHaveLength(limits.triedEvaluated + limits.triedRefused);
    expect(text.split('\n')[0]).toContain('fitness 7 (a). idea 7');
    expect(text).toContain('fitness 3 after a short training (a). idea 3');
    expect(text).toContain('unknown-field: no 11');
    expect(text).not.toContain('idea 1.');
    expect(text).not.toContain('SOURCE');
  });

  it('shows the best reward so far to what improves on another, and only where it is better', () => {
    const tried = [0.1, 0.5].map((fitness) => ({
      thought: '',
      components: ['a'],
      fitness,
      short: false,
      problems: [],
      source: `// \`\`\`\nSOURCE ${fitness}`,
    }));
    const told = (operator: DesignRequest['operator'], mean: number) => {
      const own = { ...parent, fitness: { ...parent.fitness, mean } };
      return designPrompt({ ...request, operator, parents: [own], tried }).inputs['tried'] ?? '';
    };
    expect(told('refine', 0.3)).toContain('````js\n// ```\nSOURCE 0.5\n````');
    expect(told('refine', 0.6)).not.toContain('SOURCE');
    expect(told('rewrite', 0.3)).not.toContain('SOURCE');
  });
});
