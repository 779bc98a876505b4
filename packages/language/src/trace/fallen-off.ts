import { placeOf, type Trace } from './trace.ts';
import type { Value } from './values.ts';

/** What a helper gives where it ends without `return`: undefined, told at the helper where a value is needed. */
export function fallenOff(trace: Trace, { syntax, name }: Value & { kind: 'function' }): Value {
  const who = name === 'function' ? 'The function' : `\`${name}\``;
  const message = `${who} ends without \`return\`, and a value is needed.`;
  return {
    kind: 'undefined',
    reason: { code: 'missing-return', message, advice: advice(trace, syntax), place: placeOf(syntax) },
  };
}

function advice(trace: Trace, { body, type }: (Value & { kind: 'function' })['syntax']): string {
  const last = body.type === 'BlockStatement' ? body.body.at(-1) : undefined;
  if (last?.type === 'ExpressionStatement' && !/^(Assignment|Update)/.test(last.expression.type)) {
    const text = trace.text.slice(last.expression.start, last.expression.end);
    const isOnly = type === 'ArrowFunctionExpression' && body.type === 'BlockStatement' && body.body.length === 1;
    const written = text.includes('\n') ? '`return` before its last expression' : `\`return ${text};\``;
    return `Write ${written}${isOnly ? ', or drop the braces' : ''}.`;
  }
  return last?.type === 'IfStatement' ? 'Return a value after the last `if`, too.' : 'Return a value on every path.';
}
