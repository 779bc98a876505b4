import type { Finding } from '@rewardsmith/contracts';
import type { Node } from '../ir/node.ts';
import type { Subject } from './examine.ts';
import { warning } from './warning.ts';

/** Components that are the same in every step by intention. */
const constantByName = /time|step|alive|surviv|living|tick|base|bias|constant|exist/i;

/** Params that nothing reads, and components that no field has a part in. */
export function unusedNumbers(subject: Subject): readonly Finding[] {
  const read = new Set(subject.nodes.flatMap((node) => (node.op === 'param' ? [node.name] : [])));
  const unread = [...subject.params.keys()].filter((name) => !read.has(name));
  const findings = unread.map((name) =>
    warning(
      subject.paramPlaces.get(name),
      'unused-param',
      `\`params.${name}\` has no part in the reward.`,
      'Use it, or leave it out: tuning it changes nothing.',
    ),
  );
  for (const { name, node, place } of subject.components) {
    const depends = [...subject.sources.kindsOf(node)].some((kind) => kind !== 'param');
    if (depends || node.op === 'param' || constantByName.test(name) || isWeight(node)) continue;
    findings.push(
      warning(
        place,
        'constant-component',
        `The component \`${name}\` is the same in every step, whatever the agent does.`,
        'Make it depend on a field or the action, or leave it out.',
      ),
    );
  }
  return findings;
}

/** A param or a number with a sign is a constant by intention. */
function isWeight(node: Node): boolean {
  let inner: Node | undefined = node;
  while (inner?.op === 'unary') inner = inner.args[0];
  return inner?.op === 'param' || inner?.op === 'constant';
}
