import type { Finding } from '@rewardsmith/contracts';
import type { Node } from '../ir/node.ts';
import { reachable } from '../ir/reachable.ts';
import type { Subject } from './examine.ts';
import { warning } from './warning.ts';

/** Components that are computed from the state before the action alone: they are the same whatever the action does. */
export function staleObservations(subject: Subject): readonly Finding[] {
  return subject.components.flatMap(({ name, node, place }) => {
    const sources = subject.sources.kindsOf(node);
    const after = sources.has('next') || sources.has('action') || sources.has('memory');
    if (!sources.has('obs') || after) return [];
    const message = `The component \`${name}\` looks at the state before the action alone.`;
    const at = firstUse(subject, node) ?? place;
    return [warning(at, 'stale-observation', message, 'Use next for what the action has led to.')];
  });
}

/** Where the state before the action is first computed with. */
function firstUse(subject: Subject, node: Node) {
  const uses = (part: Node): boolean => part.args.some((arg) => arg.op === 'input' && arg.role === 'obs');
  const first = reachable([node]).find((part) => (uses(part) || part.args.some(uses)) && part.op !== 'take');
  return first === undefined ? undefined : (subject.callPlaces.get(first) ?? subject.places.get(first));
}
