import type { SyntaxNode } from '@lezer/common';
import type { Scope } from './scope.ts';

/** Takes the names that an `import` brings, and what each stands for. */
export function importModules(node: SyntaxNode, scope: Scope): void {
  const text = scope.text(node).replace(/[()]/g, ' ').trim();
  const [, from, list = ''] = /^(?:from\s+([\w.]+)\s+)?import\s+([\s\S]+)$/.exec(text) ?? [];
  for (const part of list.split(',')) {
    const [name = '', , as] = part.trim().split(/\s+/);
    const path = from === undefined ? name : `${from}.${name}`;
    scope.imported.set(
      as ?? name.split('.')[0] ?? name,
      as === undefined && from === undefined ? (name.split('.')[0] ?? name) : path,
    );
  }
}
