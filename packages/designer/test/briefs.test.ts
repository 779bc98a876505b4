import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { briefNamed, briefs, freeBrief } from '../src/index.ts';

it('finds every brief by its name, with a text each', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../prompts/designer/brief.md'), 'utf8');
  for (const brief of briefs) {
    expect(briefNamed(brief.name)).toBe(brief);
    expect(text).toContain(`when '${brief.told}'`);
  }
  expect(briefNamed('of another version')).toBe(freeBrief);
});
