import { Environment } from '@rewardsmith/contracts';
import { compile } from '@rewardsmith/language';
import type { Labels } from '@rewardsmith/rollouts';
import { describe, expect, it } from 'vitest';
import { behaviourText, Review, reviewExample, reviewFindings, reviewInputs, smokeRollout } from '../src/index.ts';
import { limits } from '../src/limits.ts';

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
    expect(Review.safeParse(JSON.parse(reviewExample)).success).toBe(true);
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

  it('refuses nothing without evidence or without a place that exists', () => {
    expect(judged(true, finding({ evidence: ' ' }))[0]?.severity).toBe('warning');
    const nowhere = judged(true, finding({ line: 99, component: 'far' }))[0];
    expect(nowhere?.severity).toBe('warning');
    expect(nowhere).not.toHaveProperty('line');
    expect(nowhere).not.toHaveProperty('component');
  });

  it('refuses nothing where it may not', () => {
    expect(judged(false, finding())[0]?.severity).toBe('warning');
  });

  it('is held to a bounded number of findings of bounded length', () => {
    const many = Array.from({ length: 50 }, () => finding({ evidence: 'x'.repeat(5000) }));
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
