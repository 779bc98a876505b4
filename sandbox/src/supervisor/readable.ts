import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const sandboxRoot = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

/** What the runner imports; the language stays with the supervisor. */
const imported = ['@rewardsmith/environments', '@rewardsmith/rollouts', '@rewardsmith/training', 'isolated-vm'];

/** Where `require` from a file in `directory` finds a package: the first link or directory on the way up. */
function locate(name: string, directory: string): string {
  for (let at = directory; ; at = dirname(at)) {
    const found = join(at, 'node_modules', name);
    if (existsSync(found)) return found;
    if (at === dirname(at)) throw new Error(`package ${name} is not installed; run ./rewardsmith setup`);
  }
}

/** Names that a package.json lists as dependencies. */
function dependenciesOf(packageRoot: string): string[] {
  const parsed: unknown = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));
  if (typeof parsed !== 'object' || parsed === null || !('dependencies' in parsed)) return [];
  return Object.keys(parsed.dependencies ?? {});
}

/**
 * The paths that a runner must read to load its code, and no others: its own sources, and of each package it reaches
 * the link and the directory behind it. Sources of the workspace are opened alone, without their tests and settings.
 */
export function readablePaths(): string[] {
  const paths = new Set<string>([join(sandboxRoot, 'src/'), join(sandboxRoot, 'package.json')]);
  const pending = imported.map((name) => ({ name, from: sandboxRoot }));
  const visited = new Set<string>();
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const link = locate(next.name, next.from);
    const root = realpathSync(link);
    paths.add(`${link}/`);
    if (visited.has(root)) continue;
    visited.add(root);
    if (root.includes('node_modules')) {
      paths.add(`${root}/`);
    } else {
      paths.add(join(root, 'src/'));
      paths.add(join(root, 'package.json'));
    }
    pending.push(...dependenciesOf(root).map((name) => ({ name, from: root })));
  }
  // Looked for, by name only, by the loader of isolated-vm's binary.
  if (process.platform === 'linux') paths.add('/etc/alpine-release');
  return [...paths].sort();
}
