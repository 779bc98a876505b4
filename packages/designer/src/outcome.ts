import type { Environment, Fitness } from '@rewardsmith/contracts';
import type { Expression } from 'acorn';
import { arithmetic, fromReturned, type Returned } from './returned.ts';

/** Whether an expression surely gives a number: one that says yes or no is the goal's own term already. What was seen before is not asked again. */
function isNumber(given: Expression, found: Returned, environment: Environment, seen = new Set<Expression>()): boolean {
  const node = found.valueOf(given);
  // One that gives none has ended the search.
  if (seen.has(node)) return true;
  seen.add(node);
  switch (node.type) {
    case 'Literal':
      return typeof node.value === 'number';
    case 'UnaryExpression':
      return node.operator === '-' || node.operator === '+';
    case 'BinaryExpression':
      return arithmetic.has(node.operator);
    case 'ConditionalExpression':
      return [node.consequent, node.alternate].every((branch) => isNumber(branch, found, environment, seen));
    case 'CallExpression':
      return true;
    case 'MemberExpression': {
      const text = found.textOf(node) ?? '';
      const [, name, entry] = /^(?:obs|next)\.(\w+)(\[\d+\])?$/.exec(text) ?? [];
      const field = environment.observation.find((each) => each.name === name);
      return field !== undefined && field.unit !== 'boolean' && (field.shape.length === 0) === (entry === undefined);
    }
    default:
      return false;
  }
}

/** What says no more at the end of a step than its beginning said: the difference of a value before and after is its change. */
const beforeTheStep = new Map([['next', 'obs']]);

/**
 * What a step adds to the fitness, as an expression over what a reward reads: an engineer's first reward is what the task is judged by.
 * Of a fitness that is an episode's last or greatest value, it is the change of that value. Nothing where the fitness is of another form.
 */
export function outcomePerStep({ source, aggregate }: Fitness, environment: Environment): string | undefined {
  return fromReturned(source, (found) => addedPerStep(found, aggregate, environment));
}

function addedPerStep(found: Returned, aggregate: Fitness['aggregate'], environment: Environment): string | undefined {
  if (!isNumber(found.value, found, environment)) return undefined;
  const value = found.textOf(found.value);
  // Comments would stand in the middle of a line.
  if (value === undefined || /\/[/*]/.test(value)) return undefined;
  switch (aggregate) {
    case 'sum':
    case 'mean':
      return `(${value})`;
    case 'last':
    case 'max': {
      const before = found.textOf(found.value, beforeTheStep);
      const ofTheStep = /(?<![\w.])(?:obs|action|terminated|truncated)\b/.test(value);
      return ofTheStep || before === value ? undefined : `((${value}) - (${before}))`;
    }
  }
}
