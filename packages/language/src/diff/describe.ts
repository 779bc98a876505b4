import type { RewardChange } from './diff.ts';

type Rewordings = readonly { readonly before: string; readonly after: string }[];

const reworded = (changes: Rewordings): string =>
  changes.map(({ before, after }) => `\n    - ${before}\n    + ${after}`).join('');

function line(change: RewardChange): string {
  switch (change.kind) {
    case 'component-added':
      return `component ${change.component} added: ${change.formula}`;
    case 'component-removed':
      return `component ${change.component} removed: ${change.formula}`;
    case 'component-renamed':
      return `component ${change.from} renamed to ${change.to}`;
    case 'component-changed':
      return `component ${change.component} changed:${reworded(change.changes)}`;
    case 'param-added':
      return `param ${change.param} added: ${change.value}`;
    case 'param-removed':
      return `param ${change.param} removed: was ${change.value}`;
    case 'param-renamed':
      return `param ${change.from} renamed to ${change.to}`;
    case 'param-changed':
      return `param ${change.param}: ${change.from} to ${change.to}`;
    case 'memory-added':
      return `memory ${change.entry} added: ${change.formula}`;
    case 'memory-removed':
      return `memory ${change.entry} removed`;
    case 'memory-changed':
      return `memory ${change.entry} changed:${reworded(change.changes)}`;
    case 'total-changed':
      return `total changed:${reworded(change.changes)}`;
  }
}

/** The changes as lines for a reader, or for a model that is to build on them. */
export function describeChanges(changes: readonly RewardChange[]): string {
  if (changes.length === 0) return 'No difference but names of values, layout and the order of terms.';
  return changes.map(line).join('\n');
}
