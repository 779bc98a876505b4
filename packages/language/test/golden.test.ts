import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ExportTarget } from '@rewardsmith/contracts';
import { describe, expect, it } from 'vitest';
import { emitTarget, targetEndings } from '../src/index.ts';
import { compiled, fixtures } from './fixtures.ts';
import { describeWithPython, ruff } from './python/python.ts';

const targets: readonly ExportTarget[] = ['javascript', 'python', 'numpy', 'torch'];
const folder = fileURLToPath(new URL('./golden/', import.meta.url));

describe('exported text', () => {
  it.each(fixtures.flatMap((fixture) => targets.map((target) => ({ ...fixture, target }))))(
    'of $name for $target is as it was read last (vitest -u writes it anew)',
    async ({ name, source, environment, target }) => {
      const text = emitTarget(compiled({ source, environment }), target);
      await expect(text).toMatchFileSnapshot(`${folder}${name}.${target}${targetEndings[target]}`);
    },
  );
});

describeWithPython('exported Python', () => {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.py'))
    .map((file) => `${folder}${file}`);

  it('is formatted as ruff formats it', () => {
    const output = execFileSync(ruff, ['format', '--diff', '--isolated', '--line-length', '100', ...files], {
      encoding: 'utf8',
    });
    expect(output).toBe('');
  });

  it('is without a finding of ruff: errors, unused names, order of imports', () => {
    const rules = ['--select', 'E,F,I,W', '--line-length', '100', '--target-version', 'py39'];
    const output = execFileSync(ruff, ['check', '--quiet', '--isolated', '--no-cache', ...rules, ...files], {
      encoding: 'utf8',
    });
    expect(output).toBe('');
  });
});
