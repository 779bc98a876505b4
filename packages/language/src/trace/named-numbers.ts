import type { Graph } from '../ir/graph.ts';
import type { BinaryOperator, ConstantNode, FormulaOperator, Node } from '../ir/node.ts';
import type { KnownNumber } from './values.ts';

/** Most numbers that a formula names; a longer one is written as its value. */
const LONGEST = 4;

const isFormula = (operator: BinaryOperator): operator is BinaryOperator & FormulaOperator => /^[-+*/]$/.test(operator);

const leaves = ({ label, formula }: KnownNumber): number =>
  label !== undefined || formula === undefined ? 1 : formula.args.reduce((total, arg) => total + leaves(arg), 0);

const isNamed = ({ label, formula }: KnownNumber): boolean =>
  (label !== undefined && (label === 'Math.PI' || !label.includes('.'))) || formula !== undefined;

/** A number that is made of others: it keeps its formula where one of them has a name. */
export function combined(operator: BinaryOperator, value: number, args: readonly KnownNumber[]): KnownNumber {
  const made: KnownNumber = { kind: 'number', value };
  if (!isFormula(operator) || !args.some(isNamed)) return made;
  if (![made, ...args].every((each) => Number.isFinite(each.value))) return made;
  const full: KnownNumber = { ...made, formula: { operator, args } };
  return leaves(full) > LONGEST ? made : full;
}

// A number is made of two, each of two others and so on: there is one node for each of them, and one of them for each node.
const nodes = new WeakMap<Graph, WeakMap<KnownNumber, Node>>();
const numbers = new WeakMap<ConstantNode, KnownNumber>();

export function constantNode(graph: Graph, number: KnownNumber): Node {
  const { value, label = null, formula } = number;
  if (formula === undefined) return graph.constant(value, label);
  const made = nodes.get(graph) ?? new WeakMap<KnownNumber, Node>();
  nodes.set(graph, made);
  const known = made.get(number);
  if (known !== undefined) return known;
  const args = formula.args.map((arg) => constantNode(graph, arg));
  const node = graph.constant(value, label, { operator: formula.operator, args });
  made.set(number, node);
  return node;
}

/** The number that a constant of the graph is. */
export function knownNumber(node: ConstantNode): KnownNumber {
  const known = numbers.get(node) ?? newNumber(node);
  numbers.set(node, known);
  return known;
}

function newNumber({ value, label, operator, args }: ConstantNode): KnownNumber {
  return {
    kind: 'number',
    value: Number(value),
    ...(label === null ? {} : { label }),
    ...(operator === null
      ? {}
      : { formula: { operator, args: args.flatMap((arg) => (arg.op === 'constant' ? [knownNumber(arg)] : [])) } }),
  };
}
