import type { Finding } from '@rewardsmith/contracts';
import type { Node } from '../ir/node.ts';
import type { Place } from '../trace/values.ts';
import type { Subject } from './examine.ts';
import { warning } from './warning.ts';

/** Components that are computed from the state before the action alone: they are the same whatever the action does. */
export function staleObservations(subject: Subject): readonly Finding[] {
  const uses = firstUses(subject);
  return subject.components.flatMap(({ name, node, place }) => {
    const sources = subject.sources.kindsOf(node);
    const after = sources.has('next') || sources.has('action') || sources.has('memory');
    if (!sources.has('obs') || after) return [];
    const message = `The component \`${name}\` looks at the state before the action alone.`;
    const at = placeOf(subject, uses.get(node)) ?? place;
    return [warning(at, 'stale-observation', message, 'Use next for what the action has led to.')];
  });
}

/** Of each value, the first operation within it that computes with the state before the action. */
function firstUses(subject: Subject): ReadonlyMap<Node, Node> {
  const uses = (part: Node): boolean => part.args.some((arg) => arg.op === 'input' && arg.role === 'obs');
  const first = new Map<Node, Node>();
  for (const node of subject.nodes) {
    const within = node.args.flatMap((arg) => first.get(arg) ?? []);
    const own = node.op !== 'take' && (uses(node) || node.args.some(uses)) ? [node] : [];
    const [earliest, ...others] = [...within, ...own];
    if (earliest !== undefined)
      first.set(
        node,
        others.reduce((a, b) => (b.id < a.id ? b : a), earliest),
      );
  }
  return first;
}

function placeOf(subject: Subject, node: Node | undefined): Place | undefined {
  return node === undefined ? undefined : (subject.callPlaces.get(node) ?? subject.places.get(node));
}
