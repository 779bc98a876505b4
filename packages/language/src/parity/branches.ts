import type { Node } from '../ir/node.ts';
import { limits } from '../limits.ts';
import type { Values } from './evaluate.ts';

/** One way that a step can go at one node of the graph. */
export interface Branch {
  readonly node: Node;
  /** Which of the node's ways: false and true of a condition, the operand that an extreme takes, the side of a bound. */
  readonly way: number;
}

const isExtreme = (node: Node): boolean =>
  node.op === 'call' && (node.callee === 'Math.max' || node.callee === 'Math.min');

/** How many ways there are at a node; 0 where nothing is decided. */
function ways(node: Node): number {
  if (node.op === 'constant') return 0;
  if (node.type.element === 'boolean') return node.type.length === null ? 2 : 0;
  if (node.op !== 'call') return 0;
  if (isExtreme(node)) return node.args.length < 2 ? 0 : node.args.length;
  return node.callee === 'clamp' || node.callee === 'tolerance' ? 3 : 0;
}

/**
 * Every condition both ways, every extreme at each of its operands, every bound on each of its sides; what depends on
 * parameters alone decides nothing from step to step, and a long table is not looked up at each of its entries. Operands
 * come before their users.
 */
export function branchesOf(nodes: readonly Node[]): readonly Branch[] {
  const moving = new Set<Node>();
  for (const node of nodes) {
    if (node.op === 'input' || node.op === 'memory' || node.args.some((arg) => moving.has(arg))) moving.add(node);
  }
  const entries = tableEntries(nodes);
  return [...moving]
    .filter((node) => !entries.has(node))
    .flatMap((node) => Array.from({ length: ways(node) }, (_, way) => ({ node, way })));
}

/** The comparisons of an index with each place of a long table, and what says whether one of them holds. */
function tableEntries(nodes: readonly Node[]): ReadonlySet<Node> {
  const byIndex = new Map<Node, Node[]>();
  for (const node of nodes) {
    const [index, place] = node.args;
    if (node.op !== 'binary' || node.operator !== '===' || index === undefined || place?.op !== 'constant') continue;
    const others = byIndex.get(index);
    if (others === undefined) byIndex.set(index, [node]);
    else others.push(node);
  }
  const found = new Set([...byIndex.values()].filter(({ length }) => length > limits.parityTable).flat());
  for (const node of nodes) {
    if (node.op === 'binary' && node.operator === '||' && node.args.every((arg) => found.has(arg))) found.add(node);
  }
  return found;
}

/** The way that a step went at a node. */
export function wayTaken(node: Node, values: Values): number {
  const value = values.get(node);
  if (node.type.element === 'boolean') return value === true ? 1 : 0;
  const args = node.args.map((arg) => Number(values.get(arg)));
  if (isExtreme(node)) return args.findIndex((arg) => Object.is(arg, value));
  const [x = Number.NaN, low = Number.NaN, high = Number.NaN] = args;
  return x < low ? 0 : x > high ? 2 : 1;
}

/** How far a step was from going a way; 0 when it went there. Smaller is closer, by the numbers that are compared. */
export function distanceTo({ node, way }: Branch, values: Values): number {
  if (wayTaken(node, values) === way) return 0;
  if (node.type.element === 'boolean') return conditionDistance(node, way === 1, values);
  const args = node.args.map((arg) => Number(values.get(arg)));
  if (isExtreme(node)) return finite(Math.abs((args[way] ?? Number.NaN) - Number(values.get(node))));
  const [x = Number.NaN, low = Number.NaN, high = Number.NaN] = args;
  const gap = way === 0 ? x - low : way === 2 ? high - x : Math.max(low - x, x - high);
  return finite(Math.max(gap, 0));
}

const FAR = 1e12;
const finite = (distance: number): number => (Number.isFinite(distance) ? distance + Number.EPSILON : FAR);

/** Conditions share their parts: each part is measured once. */
function conditionDistance(root: Node, rootWanted: boolean, values: Values): number {
  const known = { true: new Map<Node, number>(), false: new Map<Node, number>() };
  const distance = (node: Node, wanted: boolean): number => {
    if (values.get(node) === wanted) return 0;
    const found = known[`${wanted}`].get(node) ?? measured(node, wanted);
    known[`${wanted}`].set(node, found);
    return found;
  };
  const measured = (node: Node, wanted: boolean): number => {
    const [a, b] = node.args;
    if (node.op === 'unary' && node.operator === '!' && a) return distance(a, !wanted);
    if (node.op !== 'binary' || a === undefined || b === undefined) return 1;
    if (node.operator === '&&' || node.operator === '||') {
      const [first, second] = [distance(a, wanted), distance(b, wanted)];
      return (node.operator === '&&') === wanted ? first + second : Math.min(first, second);
    }
    return finite(Math.abs(Number(values.get(a)) - Number(values.get(b))));
  };
  return distance(root, rootWanted);
}
