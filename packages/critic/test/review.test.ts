import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Environment } from '@rewardsmith/contracts';
import { compile } from '@rewardsmith/language';
import type { Labels } from '@rewardsmith/rollouts';
import { describe, expect, it } from 'vitest';
import { adaptReview, behaviourText, Review, reviewFindings, reviewInputs, smokeRollout } from '../src/index.ts';
import { limits } from '../src/limits.ts';
import { reviewKinds } from '../src/review.ts';

const environment = Environment.parse({
  name: 'test',
  observation: [{ name: 'position', shape: [], unit: 'm', low: -2, high: 3 }],
  action: { kind: 'discrete', n: 3 },
  maxEpisodeSteps: 40,
});
const compilation = compile('export function reward({ next }) {\n  return { near: next.position };\n}\n', environment);
if (!compilation.ok) throw new Error('the fixture does not compile');
const { program } = compilation;

function finding(over: Partial<Review['findings'][number]> = {}): Review['findings'][number] {
  return {
    kind: 'wrong-sign',
    severity: 'error',
    line: 2,
    component: 'near',
    evidence: 'it pays for being far: 3 at 3 m',
    advice: 'turn the sign',
    ...over,
  };
}
const judged = (mayRefuse: boolean, ...findings: Review['findings']) =>
  reviewFindings(program, { components: [], findings }, mayRefuse);

describe('a review', () => {
  it('has the shape of its own example', () => {
    const form = readFileSync(join(import.meta.dirname, '../../../prompts/critic/form.md'), 'utf8');
    const [, example = ''] = /```json\n([\s\S]*?)\n```/.exec(form) ?? [];
    expect(Review.safeParse(JSON.parse(example)).success).toBe(true);
  });

  it('of another shape is read as far as it can be', () => {
    const { line: _line, ...without } = finding({ severity: 'warning' });
    const read = adaptReview({
      findings: [{ ...finding(), line: '2' }, { ...without, severity: 'fatal' }, { kind: 'bad' }, 'wrong'],
    });
    expect(Review.parse(read)).toEqual({
      components: [],
      findings: [finding(), finding({ severity: 'warning', line: null })],
    });
    expect(Review.safeParse(adaptReview('It looks good.')).success).toBe(false);
    expect(Review.safeParse(adaptReview({ verdict: 'good' })).success).toBe(false);
  });

  it('becomes findings with their kind, place, evidence and advice', () => {
    expect(judged(true, finding())).toEqual([
      {
        code: 'wrong-sign',
        severity: 'error',
        line: 2,
        component: 'near',
        message: 'it pays for being far: 3 at 3 m',
        advice: 'turn the sign',
      },
    ]);
  });

  it('refuses nothing without evidence in numbers', () => {
    expect(judged(true, finding({ evidence: ' ' }))[0]?.severity).toBe('warning');
    expect(judged(true, finding({ evidence: 'it is wrong' }))[0]?.severity).toBe('warning');
  });

  it('is a note for the record where it points at a place that does not exist', () => {
    const nowhere = judged(true, finding({ line: 99, component: 'far' }))[0];
    expect(nowhere?.severity).toBe('note');
    expect(nowhere).not.toHaveProperty('line');
    expect(nowhere).not.toHaveProperty('component');
    // Some findings are of the program as a whole.
    expect(judged(true, finding({ line: null, component: null }))[0]?.severity).toBe('warning');
  });

  it('says of one place one thing once', () => {
    expect(judged(true, finding(), finding(), finding({ kind: 'wrong-unit' }))).toHaveLength(2);
  });

  it('refuses nothing where it may not', () => {
    expect(judged(false, finding())[0]?.severity).toBe('warning');
  });

  it('is held to a bounded number of findings of bounded length', () => {
    const many = reviewKinds.flatMap((kind) =>
      [1, 2].map((line) => finding({ kind, line, evidence: '1'.repeat(5000) })),
    );
    const findings = judged(true, ...many);
    expect(findings).toHaveLength(limits.reviewFindings);
    expect(findings[0]?.message).toHaveLength(limits.reviewText + 1);
  });

  it('is asked with numbered lines and the spread of every component', () => {
    const rollout = smokeRollout(environment, 1);
    const column = rollout.column({ role: 'next', field: 'position', index: 0 }).slice(0, rollout.steps);
    const labels: Labels = { names: ['near', 'total'], columns: [column, column] };
    const inputs = reviewInputs(program, labels, rollout, [
      { code: 'dominating-component', severity: 'warning', message: 'near is all.', advice: '' },
    ]);
    expect(inputs.source).toContain('2    return { near: next.position };');
    expect(inputs.components).toContain('| `near` | -2 | 3 |');
    expect(inputs.warnings).toBe('- dominating-component: near is all.');
  });
});

describe('behaviour', () => {
  const rows = Array.from({ length: 50 }, (_, row) => row);
  const labels = (value: (row: number) => number): Labels => ({
    names: ['total'],
    columns: [Float64Array.from(rows, value)],
  });

  it('is the same for programs that differ by a positive factor or in the last digits', () => {
    const text = behaviourText(labels(Math.sin));
    expect(behaviourText(labels((row) => 3 * Math.sin(row)))).toBe(text);
    expect(behaviourText(labels((row) => Math.sin(row) * (1 + 1e-12)))).toBe(text);
  });

  it('tells a sign, a bonus on one row and a constant apart', () => {
    const texts = [
      behaviourText(labels(Math.sin)),
      behaviourText(labels((row) => -Math.sin(row))),
      behaviourText(labels((row) => Math.sin(row) + (row === 7 ? 0.1 : 0))),
      behaviourText(labels((row) => Math.sin(row) + 0.01)),
    ];
    expect(new Set(texts).size).toBe(texts.length);
  });
});
