import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../..');
let tree = '';

/** A tree of its own with the project's rules, so that no file has to be written into the sources. */
beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), 'rewardsmith-arrows-'));
  copyFileSync(join(root, 'biome.json'), join(tree, 'biome.json'));
});
afterAll(() => rmSync(tree, { recursive: true, force: true }));

/** What the linter says of a file that imports one thing. */
function lint(path: string, imported: string): string {
  const file = join(tree, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `import { x } from '${imported}';\n\nexport const y = x;\n`);
  const { stdout, stderr } = spawnSync(
    join(root, 'node_modules/.bin/biome'),
    ['lint', '--colors=off', '--vcs-enabled=false', path],
    { cwd: tree, encoding: 'utf8' },
  );
  return stdout + stderr;
}

it('refuses an import against the arrows', () => {
  expect(lint('packages/analyzer/src/a.ts', '@rewardsmith/store')).toContain('noRestrictedImports');
  expect(lint('packages/contracts/src/a.ts', '@rewardsmith/language')).toContain('noRestrictedImports');
  for (const room of ['store', 'queue', 'engine']) {
    expect(lint('sandbox/src/a.ts', `@rewardsmith/${room}`)).toContain('noRestrictedImports');
  }
});

it('refuses an effect in a pure room', () => {
  for (const room of ['language', 'evolution', 'analyzer', 'critic', 'designer']) {
    expect(lint(`packages/${room}/src/a.ts`, 'node:fs')).toContain('noRestrictedImports');
  }
});

it('lets the arrows through', () => {
  expect(lint('packages/analyzer/src/a.ts', '@rewardsmith/contracts')).toContain('Checked 1 file');
  expect(lint('packages/analyzer/src/a.ts', '@rewardsmith/contracts')).not.toContain('noRestrictedImports');
  expect(lint('packages/engine/src/a.ts', '@rewardsmith/store')).not.toContain('noRestrictedImports');
});
