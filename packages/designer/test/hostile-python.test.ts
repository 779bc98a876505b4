import { Environment } from '@rewardsmith/contracts';
import { describe, expect, it } from 'vitest';
import { translatePython } from '../src/index.ts';
import { limits } from '../src/limits.ts';

const environment = Environment.parse({
  name: 'lift',
  description: 'Lift the cube.',
  observation: [{ name: 'hand', shape: [3], unit: '1', low: -1, high: 1, description: 'Where the hand is' }],
  action: { kind: 'continuous', shape: [2], low: -1, high: 1 },
  constants: {},
  maxEpisodeSteps: 100,
});

const MOST = 32_000;

/** As many of a part as there is room for in the longest answer. */
const many = (part: string, room = MOST) => part.repeat(Math.floor(room / part.length));

/** A part in itself. */
const nested = (before: string, inner: string, after: string, times: number) =>
  before.repeat(times) + inner + after.repeat(times);

const reward = (body: string) => `import numpy as np\ndef reward(obs, next_obs):\n${body}\n`;
const returned = (value: string) => reward(` return ${value}`);

const faulty = 'This is no Python that could be read.';
const tooLong = 'Its translation is too long.';

describe('a hostile answer in Python', () => {
  it.each([
    ['comparisons in comparisons whose text is dropped', nested('0 < np.zeros_like(', '1', ') < 1', 40)],
    ['a slice of a range without end', '[x for x in range(4294967295)][0:3]'],
    ['a slice of a range that no array holds', '[x for x in range(9007199254740991)][0:3]'],
  ])('is translated in no time, with %s', (_, value) => {
    expect(translatePython(returned(value), environment)).toMatchObject({ kind: 'translated' });
  });

  it.each([
    ['one sign that is none', returned(`1 ${many('$')}`), faulty],
    ['points of three', returned(many('...')), faulty],
    ['brackets that close', returned(many(')')), faulty],
    ['fences', `def reward(obs):\n return 1\n${many('`')}`, faulty],
    ['brackets in brackets', returned(many('(')), 'This is nested too deeply.'],
    ['signs before signs', returned(`${many('-')}1`), 'This is nested too deeply.'],
    [
      'a name of the reward language, assigned again and again beside many like it',
      reward(`#${Array.from({ length: 150 }, (_, count) => ` do_${'_'.repeat(count)}`)}\n${many(' do=0\n', 18_000)}`),
      tooLong,
    ],
    [
      'names beside lists that each have their own',
      reward(
        `${Array.from({ length: 2_000 }, (_, count) => ` x${count}=0\n`).join('')} z=[${many('[a for a in []],', 14_000)}]`,
      ),
      tooLong,
    ],
    ['values that are written twice', reward(many(` x=${nested('0<(', '1', ')<1', 11)}\n`)), tooLong],
    [
      'a word and blanks',
      `def reward(obs):\n return 1\n#function${many(' ')}x\nfoo`,
      'This statement is not translated.',
    ],
  ])('is refused in no time, with %s', (_, source, message) => {
    expect(translatePython(source, environment)).toMatchObject({ kind: 'refused', message });
  });

  it('is not quoted in full, nor up to half a character', () => {
    const result = translatePython(returned(`a${many('😀')}`), environment);
    if (result.kind !== 'refused') throw new Error('it is translated');
    expect(result.message.length).toBeLessThan(limits.findingLength + 20);
    expect(result.message.isWellFormed()).toBe(true);
  });

  it('is known to have as many entries as its slices take', () => {
    const zipped = (slice: string) =>
      translatePython(
        returned(`[a * b for a, b in zip([x for x in range(9)][${slice}], next_obs["hand"])]`),
        environment,
      );
    for (const slice of ['0:3', '6:', ':3', '-3:', '2:-4', '8:20', '5:2', '-20:1'])
      expect(zipped(slice), slice).toMatchObject({ kind: 'translated' });
    for (const slice of ['0:4', '5:', ':4', '-4:', '2:-3', '-20:-5'])
      expect(zipped(slice), slice).toMatchObject({ kind: 'refused', message: expect.stringMatching(/zip ends/) });
  });
});
