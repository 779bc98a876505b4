import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { forms } from '../src/grammar/term.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/search.md'), 'utf8');

it.each(forms)('the form %s stands on the page of the search', (form) => {
  expect(page).toContain(`\`${form}\``);
});
