import { readFileSync } from 'node:fs';
import { Environment } from '@rewardsmith/contracts';
import { encode } from 'gpt-tokenizer';
import { describe, expect, it } from 'vitest';
import { findingCodes } from '../src/codes.ts';
import { compile, limits } from '../src/index.ts';
import { libraryFunctions, sigmoids } from '../src/library/signatures.ts';
import { arrayMethods } from '../src/trace/methods.ts';
import { arm } from './environments.ts';

const page = readFileSync(new URL('../../../docs/reward-language.md', import.meta.url), 'utf8');
const core = /<!-- core -->([\s\S]*)<!-- \/core -->/.exec(page)?.[1] ?? '';
const examples = [...page.matchAll(/```js\n([\s\S]*?)```/g)].map(([, text = '']) => text);
const pole = Environment.parse({
  name: 'pole',
  observation: [
    { name: 'cartPosition', shape: [], unit: 'm', low: -4.8, high: 4.8 },
    { name: 'poleAngle', shape: [], unit: 'rad', low: -0.4, high: 0.4 },
  ],
  action: { kind: 'discrete', n: 2 },
  maxEpisodeSteps: 500,
});

describe('docs/reward-language.md', () => {
  it('has a core of at most 1,500 tokens', () => {
    expect(core.length).toBeGreaterThan(1000);
    expect(encode(core).length).toBeLessThanOrEqual(1500);
  });

  it('gives programs that compile without a finding', () => {
    expect(examples.length).toBeGreaterThanOrEqual(5);
    for (const source of examples) {
      const environment = source.includes('cartPosition') ? pole : arm;
      expect(compile(source, environment), source).toMatchObject({ ok: true, findings: [] });
    }
  });

  it('names every function of the library and every sigmoid, in the core and in full', () => {
    const whole = page.slice(page.indexOf('## The standard library'), page.indexOf('## More examples'));
    for (const name of [...libraryFunctions.keys(), ...sigmoids.keys()]) {
      expect(core, name).toMatch(new RegExp(`\\b${name}\\b`));
      expect(whole, name).toMatch(new RegExp(`\\b${name}\\b`));
    }
  });

  it.each(Object.entries(findingCodes))('lists the codes of each %s, and no others', (severity, codes) => {
    const heading = `### ${severity[0]?.toUpperCase()}${severity.slice(1)}s`;
    const section = page.slice(page.indexOf(heading)).split('\n### ', 2)[0] ?? '';
    const listed = section
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`([\w-]+)`/g)].map(([, code = '']) => code));
    expect(listed.toSorted()).toEqual([...codes].toSorted());
  });

  it('promises no array method that is not there, and the limits of open loops as they are', () => {
    const [, allowed = ''] = /Arrays and vectors:([\s\S]*?)\. `Object\.keys`/.exec(core) ?? [];
    const names = [...allowed.matchAll(/`([a-z]\w*)/gi)]
      .map(([, name = '']) => name)
      .filter((name) => name !== 'Array');
    expect(names.length).toBeGreaterThan(15);
    for (const name of names) expect(arrayMethods.has(name), name).toBe(true);
    expect(page).toContain(`within ${limits.openTrips} turns`);
    expect(page).toContain(`at most ${limits.leftTurns} such turns`);
  });
});
