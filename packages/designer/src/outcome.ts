import type { Environment, Fitness } from '@rewardsmith/contracts';
import type { Expression } from 'acorn';
import { returnedBy } from './returned.ts';

/** What a reward may read too; a helper of the fitness program's own is not among it. */
const readable = new Set(['obs', 'next', 'action', 'terminated', 'truncated', 'env', 'Math']);
const arithmetic = new Set(['+', '-', '*', '/', '%', '**']);

/** Whether an expression gives a number: one that says yes or no is the goal's own term already. */
function isNumber(node: Expression, numbers: ReadonlySet<string>): boolean {
  switch (node.type) {
    case 'Literal':
      return typeof node.value === 'number';
    case 'ParenthesizedExpression':
      return isNumber(node.expression, numbers);
    case 'UnaryExpression':
      return node.operator === '-' || node.operator === '+';
    case 'BinaryExpression':
      return arithmetic.has(node.operator);
    case 'ConditionalExpression':
      return isNumber(node.consequent, numbers) && isNumber(node.alternate, numbers);
    case 'MemberExpression':
      return node.property.type === 'Identifier' && numbers.has(node.property.name);
    case 'CallExpression':
      return true;
    default:
      return false;
  }
}

/**
 * What a step adds to the fitness, as an expression over what a reward reads: an engineer's first reward is what the task is judged by.
 * Of a fitness that is an episode's last or greatest value, it is the change of that value. Nothing where the fitness is of another form.
 */
export function outcomePerStep({ source, aggregate }: Fitness, { observation }: Environment): string | undefined {
  const found = returnedBy(source);
  const numbers = observation.filter(({ shape, unit }) => shape.length === 0 && unit !== 'boolean');
  if (found === undefined || !isNumber(found.value, new Set(numbers.map(({ name }) => name)))) return undefined;
  const expression = found.textOf(found.value);
  const names = [...expression.matchAll(/(?<![\w.])[A-Za-z_]\w*/g)].map(([name]) => name);
  if (!names.every((name) => readable.has(name))) return undefined;
  switch (aggregate) {
    case 'sum':
    case 'mean':
      return `(${expression})`;
    case 'last':
    case 'max':
      return names.some((name) => name !== 'next' && name !== 'env' && name !== 'Math') || !names.includes('next')
        ? undefined
        : `((${expression}) - (${expression.replace(/(?<![\w.])next\./g, 'obs.')}))`;
  }
}
