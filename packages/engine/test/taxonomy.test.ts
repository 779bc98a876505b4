import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../../..');

/** Finding codes that stand in the sources of a room, as they are written there. */
function codesIn(room: string): readonly string[] {
  const directory = join(root, room);
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => {
      const text = readFileSync(join(directory, name), 'utf8');
      const written = [...text.matchAll(/\bcode: '([a-z-]+)'/g), ...text.matchAll(/\brefusal\(\s*'([a-z-]+)'/g)];
      const chosen = [...text.matchAll(/\bcode: \w+ \? '([a-z-]+)' : '([a-z-]+)'/g)];
      return [...written.map(([, code = '']) => code), ...chosen.flatMap(([, a = '', b = '']) => [a, b])];
    });
}

test('every code of the critic and the analyzer is in the published taxonomy', () => {
  const page = readFileSync(join(root, 'docs/failure-taxonomy.md'), 'utf8');
  const review = readFileSync(join(root, 'packages/critic/src/review.ts'), 'utf8');
  const [, kinds = ''] = /reviewKinds = \[([^\]]*)\]/.exec(review) ?? [];
  const codes = [
    ...codesIn('packages/critic/src'),
    ...codesIn('packages/analyzer/src'),
    ...codesIn('packages/engine/src/moves'),
    ...codesIn('packages/engine/src/model'),
    ...[...kinds.matchAll(/'([a-z-]+)'/g)].map(([, code = '']) => code),
  ];
  expect(codes.length).toBeGreaterThan(30);
  expect(codes.filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
});
