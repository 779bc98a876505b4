import { describe, expect, it } from 'vitest';
import { briefNamed, designForm, freeBrief, paragraph, programsAsked, programsOf } from '../src/index.ts';
import { limits } from '../src/limits.ts';

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
