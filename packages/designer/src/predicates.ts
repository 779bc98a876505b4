import type { Expression } from 'acorn';
import { arithmetic, fromReturned, type Returned } from './returned.ts';

/** One comparison of the success condition that depends on the state alone. */
export interface Predicate {
  /**
   * Quantitative robustness of the comparison (Donzé & Maler 2010): an expression over `state` and `env` that is
   * positive when the comparison holds and grows with how clearly it does.
   */
  readonly margin: string;
  /** Whether a margin of 0 does not meet it: `>` and `<` do not, `>=` and `<=` do. */
  readonly strict: boolean;
  /** The observation fields that it reads. */
  readonly fields: readonly string[];
  /** The number that a rising margin has to pass, where the comparison is of a field with a plain number; else null. */
  readonly threshold: number | null;
}

export interface SuccessCondition {
  /** Comparisons that must all hold. A disjunction gives none: no single margin speaks for it. */
  readonly predicates: readonly Predicate[];
  /** Whether they are all of the condition; else it also asks for what cannot be read here, such as the end of the episode. */
  readonly complete: boolean;
}

/** What must hold, each once: a constant may hold the one before it twice. */
function conjuncts(given: Expression, found: Returned, seen = new Set<Expression>()): readonly Expression[] {
  const node = found.valueOf(given);
  if (seen.has(node)) return [];
  seen.add(node);
  if (node.type !== 'LogicalExpression' || node.operator !== '&&') return [node];
  const left = conjuncts(node.left, found, seen);
  return [...left, ...conjuncts(node.right, found, seen)];
}

function wrapped(expression: string): string {
  return /^[\w.[\]]+(?:\([^()]*\))?$/.test(expression) ? expression : `(${expression})`;
}

/** Whether something may be taken away from it as it is written. */
const binds = (node: Expression): boolean =>
  node.type === 'BinaryExpression'
    ? arithmetic.has(node.operator)
    : !['ConditionalExpression', 'LogicalExpression', 'ArrowFunctionExpression', 'AssignmentExpression'].includes(
        node.type,
      );

function predicate(node: Expression, found: Returned): readonly Predicate[] {
  if (node.type !== 'BinaryExpression' || node.left.type === 'PrivateIdentifier') return [];
  const [left, right] = [found.textOf(node.left), found.textOf(node.right)];
  if (left === undefined || right === undefined) return [];
  const greater = node.operator === '>' || node.operator === '>=';
  const less = node.operator === '<' || node.operator === '<=';
  if (!greater && !less) return [];
  const [high, low] = greater ? [left, right] : [right, left];
  const margin = `${binds(greater ? node.left : node.right) ? high : `(${high})`} - ${wrapped(low)}`;
  const fields = [...margin.matchAll(/\bnext\.(\w+)/g)].flatMap(([, field]) => field ?? []);
  // A comparison of the action, the flags or the state before the step is no distance in the state.
  const other = /(?<![\w.])(?:obs|action|terminated|truncated|params|memory)\b/.test(margin);
  if (fields.length === 0 || other) return [];
  const threshold = /^next\.\w+$/.test(high) && /^-?[\d.]+$/.test(low) ? Number(low) : null;
  const strict = node.operator === '>' || node.operator === '<';
  return [{ strict, margin: margin.replace(/\bnext\./g, 'state.'), fields: [...new Set(fields)], threshold }];
}

/** Reads the comparisons of a success condition; a condition of another form has none, and the grammar does without. */
export function successCondition(source: string): SuccessCondition {
  const condition = fromReturned(source, (found): SuccessCondition => {
    const parts = conjuncts(found.value, found);
    const predicates = parts.flatMap((part) => predicate(part, found));
    return { predicates, complete: predicates.length === parts.length };
  });
  return condition ?? { predicates: [], complete: false };
}
