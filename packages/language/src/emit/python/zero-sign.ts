import type { Node } from '../../ir/node.ts';
import { type RewardProgram, rootsOf } from '../../ir/program.ts';
import { reachable } from '../../ir/reachable.ts';
import { neverZero } from './facts.ts';

/** Functions whose result does not depend on the sign of a zero. */
const blind: ReadonlySet<string> = new Set([
  ...['abs', 'acos', 'acosh', 'cos', 'cosh', 'exp', 'hypot', 'log', 'log10', 'log2', 'pow'].map(
    (name) => `Math.${name}`,
  ),
  ...['tolerance', 'norm', 'distance', 'quatAngle'],
]);

/**
 * The nodes whose zeros have to carry the right sign, because something that tells 0 from -0 is computed from them: a
 * quotient, `atan2`, an odd power. Array libraries leave open which zero `max(0, -0)` is; everywhere else that is fine.
 */
export function signedZeros(program: RewardProgram): ReadonlySet<Node> {
  const nodes = reachable(rootsOf(program)).toReversed();
  const signed = new Set<Node>();
  const mark = (node: Node | undefined): void => {
    if (node !== undefined && !neverZero(node)) signed.add(node);
  };
  const { memory } = program.graph;
  for (let before = -1; before !== signed.size; ) {
    before = signed.size;
    for (const { name, node } of memory) {
      if (nodes.some((each) => each.op === 'memory' && each.name === name && signed.has(each))) mark(node);
    }
    for (const node of nodes) spread(node, signed.has(node), mark);
  }
  return signed;
}

function spread(node: Node, isSigned: boolean, mark: (node: Node | undefined) => void): void {
  const [a, b] = node.args;
  const passOn = (): void => {
    if (isSigned) node.args.forEach(mark);
  };
  switch (node.op) {
    case 'unary':
      if (node.operator === '-') passOn();
      return;
    case 'binary':
      if (node.operator === '/') {
        mark(b);
        if (isSigned) mark(a);
      } else if (node.operator === '**') {
        const even = b?.op === 'constant' && typeof b.value === 'number' && b.value >= 0 && b.value % 2 === 0;
        if (!even) mark(a);
      } else if (node.operator === '+' || node.operator === '-') {
        if (a !== undefined && b !== undefined && !neverZero(a) && !neverZero(b)) passOn();
      } else if (node.operator === '*' || node.operator === '%') passOn();
      return;
    case 'select':
      if (isSigned) node.args.slice(1).forEach(mark);
      return;
    case 'call':
      if (node.callee === 'Math.atan2') node.args.forEach(mark);
      else if (node.callee === 'Math.pow') mark(a);
      else if (!blind.has(node.callee)) passOn();
      return;
    case 'fold':
    case 'pack':
    case 'take':
      passOn();
      return;
    default:
  }
}
