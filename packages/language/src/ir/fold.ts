import type { BinaryOperator, FoldOperator, UnaryOperator } from './node.ts';

/** JavaScript's own arithmetic on two known values. */
export function applyBinary(operator: BinaryOperator, a: number | boolean, b: number | boolean): number | boolean {
  const x = Number(a);
  const y = Number(b);
  switch (operator) {
    case '+':
      return x + y;
    case '-':
      return x - y;
    case '*':
      return x * y;
    case '/':
      return x / y;
    case '%':
      return x % y;
    case '**':
      return x ** y;
    case '<':
      return x < y;
    case '<=':
      return x <= y;
    case '>':
      return x > y;
    case '>=':
      return x >= y;
    case '===':
      return a === b;
    case '!==':
      return a !== b;
    case '&&':
      return Boolean(a) && Boolean(b);
    case '||':
      return Boolean(a) || Boolean(b);
  }
}

export function applyUnary(operator: UnaryOperator, a: number | boolean): number | boolean {
  switch (operator) {
    case '-':
      return -Number(a);
    case '!':
      return !a;
    case 'number':
      return Number(a);
    case 'truth':
      return Boolean(a);
  }
}

export function applyFold(operator: FoldOperator, a: number | boolean, b: number | boolean): number | boolean {
  switch (operator) {
    case 'max':
      return Math.max(Number(a), Number(b));
    case 'min':
      return Math.min(Number(a), Number(b));
    default:
      return applyBinary(operator, a, b);
  }
}
