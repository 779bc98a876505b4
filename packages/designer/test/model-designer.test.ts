import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Environment, type Finding } from '@rewardsmith/contracts';
import { builtinEnvironments } from '@rewardsmith/environments';
import { compile } from '@rewardsmith/language';
import { describe, expect, it } from 'vitest';
import {
  briefNamed,
  briefs,
  type DesignRequest,
  designForm,
  designPrompt,
  type EvaluatedParent,
  freeBrief,
  marginProgram,
  paragraph,
  programsAsked,
  programsOf,
  repairPrompt,
} from '../src/index.ts';
import { limits } from '../src/limits.ts';

const stuck: Finding = {
  code: 'stuck',
  severity: 'warning',
  message: '3 of 3 episodes stood still.',
  advice: 'Pay for change.',
  component: 'level',
  evidence: [{ episode: 1, fromStep: 20, toStep: 40, values: { fitness: 0.25 } }],
};
const parent: EvaluatedParent = {
  thought: 'Height is what counts',
  untrainedFitness: 0.01234567,
  source: 'export function reward({ next }) { return { level: next.height }; }\n',
  fitness: { mean: 0.123456, standardDeviation: 0.1, values: [0.1, 0.2], episodes: 32, successRate: 0.25 },
  facts: 'FACTS',
  findings: [stuck],
  warnings: [],
  causes: [{ finding: 'stuck', cause: 'The level pays for waiting.', advice: 'Pay the change of height.' }],
  summary: 'It waits.',
  ownFitness: false,
  given: false,
  short: false,
};
const request: DesignRequest = { operator: 'initial', brief: freeBrief, parents: [], tried: [], start: {} };

describe('the fenced form of a design', () => {
  it('is a paragraph and one program', () => {
    const answer = designForm.read('**Thought:** Pay the change.\n\n```js\nexport function reward() {}\n```\n');
    expect(answer).toEqual({ thought: 'Pay the change.', programs: ['export function reward() {}\n'] });
  });

  it('may hold several programs, of which as many as a curriculum has are taken up', () => {
    const block = '```javascript\nx\n```\n';
    const answer = designForm.read(`Thought: In stages.\n${block.repeat(5)}`);
    expect(answer.programs).toHaveLength(5);
    const curriculum = briefNamed('curriculum');
    const taken = Array.from({ length: limits.curriculum }, () => 'x\n');
    expect(programsOf(answer, programsAsked(curriculum))).toEqual({ programs: taken, dropped: 5 - limits.curriculum });
    expect(programsOf(answer, 2)).toMatchObject({ dropped: 3 });
    expect(programsOf(answer, programsAsked(freeBrief))).toEqual({ programs: ['x\n'], dropped: 4 });
  });

  it('counts by its last program, which corrects those before it', () => {
    const block = (name: string) => `\`\`\`js\nexport function reward() { ${name} }\n\`\`\`\n`;
    const answer = designForm.read(`Thought: Up.\n${block('draft')}But the sign is wrong:\n${block('corrected')}`);
    const corrected = ['export function reward() { corrected }\n'];
    expect(programsOf(answer, programsAsked(freeBrief))).toEqual({ programs: corrected, dropped: 1 });
  });

  it('is refused without a program', () => {
    expect(() => designForm.read('I cannot do that.')).toThrow('no program');
    expect(programsOf({ thought: '', programs: ['  '] }, 1)).toEqual({ programs: [], dropped: 0 });
  });

  it('is taken without its fence, and without blocks that hold no reward', () => {
    const program = 'export const params = { a: 1 };\nexport function reward() {}\n';
    expect(designForm.read(`Thought: Bare.\n\n${program}`)).toEqual({ thought: 'Bare.', programs: [program] });
    const beside = designForm.read(`Thought: Two.\n\`\`\`sh\nnpm install\n\`\`\`\n\`\`\`js\n${program}\`\`\`\n`);
    expect(beside.programs).toEqual([program]);
  });

  it('keeps a thought to one bounded paragraph', () => {
    expect(paragraph(' a\n\n b ')).toBe('a b');
    expect(paragraph('x'.repeat(2 * limits.thoughtLength))).toHaveLength(limits.thoughtLength + 1);
  });
});

describe('a design in JSON of another shape', () => {
  const program = 'export function reward({ next }) {\n  return { level: next.height };\n}';

  it.each([
    ['other names', { reasoning: 'Why.', code: program }],
    ['a list of lines', { thought: 'Why.', programs: [program.split('\n')] }],
    ['lines in place of programs', { thought: 'Why.', programs: program.split('\n') }],
    ['records in place of texts', { thought: 'Why.', programs: [{ name: 'a', code: program }] }],
    ['things that nobody asked for', { thought: 'Why.', programs: [program], fitness: 1e9, findings: [] }],
  ])('is understood with %s', (_, answer) => {
    expect(designForm.adapt(answer)).toEqual({ thought: 'Why.', programs: [program] });
  });

  it('is understood with the program in place of the thought', () => {
    expect(designForm.adapt({ thought: program, programs: [] })).toEqual({ thought: '', programs: [program] });
    // The same where it has the form that was asked for.
    expect(programsOf({ thought: program, programs: [] }, 1).programs).toEqual([`${program}\n`]);
  });

  it('keeps several programs apart, and is refused where there is none', () => {
    expect(designForm.adapt({ thought: '', programs: [program, program] })).toMatchObject({
      programs: [program, program],
    });
    expect(designForm.schema.safeParse(designForm.adapt({ plan: 'I would pay the height.' })).success).toBe(false);
  });
});

describe('the briefs', () => {
  it('are found by name, and have a text each', () => {
    const text = readFileSync(join(import.meta.dirname, '../../../prompts/designer/brief.md'), 'utf8');
    for (const brief of briefs) {
      expect(briefNamed(brief.name)).toBe(brief);
      expect(text).toContain(`when '${brief.told}'`);
    }
    expect(briefNamed('of another version')).toBe(freeBrief);
  });
});

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

it('sends a refusal back with its errors first and without its notes', () => {
  const findings: Finding[] = [
    { code: 'fences-removed', severity: 'note', message: 'Fences were taken off.', advice: '' },
    { code: 'dead-component', severity: 'warning', message: 'bonus is 0.', advice: 'Drop it.' },
    {
      code: 'unknown-field',
      severity: 'error',
      message: 'No field heigth.',
      advice: 'Use height.',
      line: 3,
      column: 5,
    },
  ];
  const { inputs } = repairPrompt({
    brief: freeBrief,
    thought: '',
    programs: [{ place: { number: 1, of: 1 }, source: 'SOURCE\n', findings }],
    kept: 0,
    attempt: 2,
    attempts: 3,
  });
  const told =
    '- error unknown-field (line 3, column 5): No field heigth. Use height.\n- warning dead-component: bonus is 0. Drop it.';
  expect(inputs['refused']).toEqual([{ name: '', source: 'SOURCE', findings: told }]);
});

it('asks for one program where one of a curriculum is sent back', () => {
  const programs = [{ place: { number: 2, of: 3 }, source: 'SOURCE', findings: [stuck] }];
  const refused = { thought: '', programs, kept: 2, attempt: 1, attempts: 3 };
  const told = (name: string) => repairPrompt({ ...refused, brief: briefNamed(name) }).inputs['brief'];
  expect([told('curriculum'), told('staged')]).toEqual([freeBrief.told, 'staged']);
  const { inputs } = repairPrompt({ ...refused, brief: freeBrief });
  expect(inputs).toMatchObject({ kept: 2, refused: [{ name: 'Program 2 of 3' }] });
});

it('cuts what a model could swell its next prompt with', () => {
  const findings = Array.from(
    { length: 50 },
    (): Finding => ({ ...stuck, severity: 'error', message: 'x'.repeat(9_000) }),
  );
  const { inputs } = repairPrompt({
    brief: freeBrief,
    thought: 'x'.repeat(10),
    programs: [{ place: { number: 1, of: 1 }, source: 'x'.repeat(500_000), findings }],
    kept: 0,
    attempt: 1,
    attempts: 3,
  });
  const size = JSON.stringify(inputs).length;
  expect(size).toBeLessThan(limits.repairSourceLength + limits.findings * (limits.findingLength + 20) + 500);
  const [program = ''] = programsOf({ thought: '', programs: ['x'.repeat(500_000)] }, 1).programs;
  expect(program.length).toBe(limits.programLength + 1);
});

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
