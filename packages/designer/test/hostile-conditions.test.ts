import { Environment } from '@rewardsmith/contracts';
import { describe, expect, it } from 'vitest';
import { outcomePerStep } from '../src/outcome.ts';
import { successCondition } from '../src/predicates.ts';

const environment = Environment.parse({
  name: 'lift',
  description: 'Lift the cube.',
  observation: [{ name: 'height', shape: [], unit: '1', low: -2, high: 2, description: 'Height of the cube' }],
  action: { kind: 'continuous', shape: [2], low: -1, high: 1 },
  constants: {},
  maxEpisodeSteps: 100,
});

/** A program of constants each of which is made from the one before it. */
const doubling = (first: string, next: (before: string) => string) =>
  [
    'export function success({ next }) {',
    `  const a0 = ${first};`,
    ...Array.from({ length: 40 }, (_, count) => `  const a${count + 1} = ${next(`a${count}`)};`),
    '  return a40;',
    '}',
  ].join('\n');

describe('a condition, or a fitness, of constants that hold the one before them twice', () => {
  it('has no outcome of a step, for its text would double forty times', () => {
    const source = doubling('next.height', (before) => `${before} + ${before}`);
    expect(outcomePerStep({ source, aggregate: 'last' }, environment)).toBeUndefined();
  });

  it('is told a number or not by looking at each of them once', () => {
    const source = doubling('next.height > 1', (before) => `(next.height > 0 ? ${before} : ${before})`);
    expect(outcomePerStep({ source, aggregate: 'sum' }, environment)).toBeUndefined();
    const numbers = doubling('-next.height', (before) => `(next.height > 0 ? ${before} : ${before})`);
    expect(outcomePerStep({ source: numbers, aggregate: 'sum' }, environment)).toBeUndefined();
  });

  it('asks for each of its comparisons once', () => {
    const source = doubling('next.height > 1', (before) => `${before} && ${before}`);
    expect(successCondition(source)).toMatchObject({ predicates: [{ threshold: 1 }], complete: true });
  });

  it('may share constants that are few', () => {
    const source = `export function fitness({ next }) {
  const tall = next.height * 2;
  const taller = tall + tall;
  return taller + taller;
}`;
    expect(outcomePerStep({ source, aggregate: 'sum' }, environment)).toBe(
      '(((next.height * 2) + (next.height * 2)) + ((next.height * 2) + (next.height * 2)))',
    );
  });
});

describe('a condition that is too deep for the stack', () => {
  it.each([
    ['sums', `${'1 + '.repeat(7_000)}next.height`],
    ['negations', `${'!'.repeat(20_000)}next.height`],
    ['choices', `${'1 ? 1 : '.repeat(4_000)}1`],
  ])('is of no form that is read, with %s', (_, value) => {
    const source = `export function success({ next }) {\n  return ${value};\n}`;
    expect(outcomePerStep({ source, aggregate: 'sum' }, environment)).toBeUndefined();
    expect(successCondition(source)).toEqual({ predicates: [], complete: false });
  });
});
