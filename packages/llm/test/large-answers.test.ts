import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { jsonForm, readAnswer } from '../src/index.ts';
import { limits } from '../src/limits.ts';

const form = jsonForm('list', z.strictObject({ list: z.array(z.unknown()) }));
const numbers = jsonForm('numbers', z.strictObject({ numbers: z.array(z.number()) }));

describe('an answer in JSON', () => {
  it.each([
    ['in arrays', `{"list":${'['.repeat(2_500)}"x"${']'.repeat(2_500)}}`],
    ['in arrays to its end', `{"list":${'['.repeat(400_000)}${']'.repeat(400_000)}}`],
    ['in objects', `{"list":[${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}]}`],
    ['beside many', `{"list":${'["",'.repeat(2_500)}[${'"x",'.repeat(200_000)}1]${']'.repeat(2_500)}}`],
  ])('that is nested deeply is not read, %s', (_, text) => {
    const fault = `the JSON cannot be read: it is nested more than ${limits.answerNesting} deep`;
    expect(readAnswer(form, text)).toMatchObject({ ok: false, fault });
  });

  it.each([
    ['numbers', `{"numbers":[${'null,'.repeat(200_000)}1]}`],
    ['records', `{"list":[${'{},'.repeat(300_000)}1]}`],
    ['names', `{"list":[],${Array.from({ length: 60_000 }, (_, count) => `"k${count}":1`)}}`],
  ])('that holds very many values is not read: %s', (_, text) => {
    const fault = `the JSON cannot be read: it holds more than ${limits.answerValues} values`;
    expect(readAnswer(numbers, text)).toMatchObject({ ok: false, fault });
  });

  it('is read up to both limits', () => {
    const lines = Array.from({ length: limits.answerValues - 2 }, () => 'x');
    expect(readAnswer(form, JSON.stringify({ list: lines }))).toEqual({ ok: true, json: true, value: { list: lines } });
    const nested = `${'['.repeat(limits.answerNesting - 1)}1${']'.repeat(limits.answerNesting - 1)}`;
    expect(readAnswer(form, `{"list":${nested}}`)).toMatchObject({ ok: true });
  });

  it('has faults that are told in short, and can be kept', () => {
    const text = `{"numbers":[${'"😀",'.repeat(5_000)}1],"a\\u0000":1,"${'b'.repeat(5_000)}":1}`;
    const reading = readAnswer(numbers, text);
    const fault = reading.ok ? '' : reading.fault;
    expect(fault).toMatch(/^numbers\.0: /);
    expect(fault.length).toBeLessThanOrEqual(limits.messageLength + 1);
    const named = readAnswer(numbers, '{"numbers":[],"a\\u0000\\ud800":1}');
    const told = named.ok ? '' : named.fault;
    expect(told).toContain('a');
    expect(told).not.toContain('\0');
    expect(told.isWellFormed()).toBe(true);
  });

  it('may have the ends of its lines in its texts as they are, and what is escaped beside them', () => {
    const text = '{"list":["a\nb\\n\\"c\td\\\\","\r"],\n\t"list2":1}';
    expect(readAnswer(jsonForm('any', z.unknown()), text)).toMatchObject({
      value: { list: ['a\nb\n"c\td\\', '\r'], list2: 1 },
    });
  });
});
