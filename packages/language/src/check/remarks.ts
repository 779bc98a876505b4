import type { Finding } from '@rewardsmith/contracts';
import type { Node as Syntax } from 'acorn';
import { placeOf } from '../trace/trace.ts';
import { warning } from './warning.ts';

type Fields = Syntax & Readonly<Record<string, unknown>>;

const isSyntax = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && 'type' in value && 'start' in value && typeof value.type === 'string';

const children = (node: Fields): readonly Fields[] =>
  Object.values(node).flatMap((value) =>
    Array.isArray(value) ? value.filter(isSyntax) : isSyntax(value) ? [value] : [],
  );

/** What the text alone shows: values that are computed and never used, lines that are never reached, `//` for a quotient. */
export function remarks(program: Syntax, text: string): readonly Finding[] {
  if (!isSyntax(program)) return [];
  return [...unusedValues(program), ...unreachable(program), ...commentedQuotients(program, text)];
}

function unusedValues(program: Fields): readonly Finding[] {
  const used = new Set<string>();
  const declared: Fields[] = [];
  const visit = (node: Fields, inFunction: boolean): void => {
    if (node.type.startsWith('TS')) {
      if (isSyntax(node['expression'])) visit(node['expression'], inFunction);
      return;
    }
    const within = inFunction || /Function/.test(node.type);
    if (node.type === 'VariableDeclarator' && inFunction && isSyntax(node['id'])) {
      if (node['id'].type === 'Identifier' && isSyntax(node['init']) && !/Function/.test(node['init'].type))
        declared.push(node['id']);
      else if (isSyntax(node['id'])) visitPattern(node['id'], within);
      if (isSyntax(node['init'])) visit(node['init'], within);
      return;
    }
    if (node.type === 'AssignmentExpression' && node['operator'] === '=' && isSyntax(node['left'])) {
      if (node['left'].type !== 'Identifier') visit(node['left'], within);
      if (isSyntax(node['right'])) visit(node['right'], within);
      return;
    }
    if (node.type === 'Identifier') used.add(String(node['name']));
    for (const [key, value] of Object.entries(node)) {
      const isName = (key === 'property' || key === 'key') && node['computed'] !== true && node['shorthand'] !== true;
      for (const child of Array.isArray(value) ? value : [value]) if (!isName && isSyntax(child)) visit(child, within);
    }
  };
  const visitPattern = (pattern: Fields, within: boolean): void => {
    for (const child of children(pattern)) {
      if (child.type === 'AssignmentPattern' && isSyntax(child['right'])) visit(child['right'], within);
      visitPattern(child, within);
    }
  };
  visit(program, false);
  return declared
    .filter((id) => !used.has(String(id['name'])))
    .map((id) =>
      warning(
        placeOf(id),
        'unused-value',
        `\`${String(id['name'])}\` is computed and never used.`,
        'Return it as a component, or leave it out.',
      ),
    );
}

function unreachable(node: Fields): readonly Finding[] {
  const lists = [node['body'], node['consequent']].filter(Array.isArray);
  const own = lists.flatMap((list) => {
    const end = list.findIndex(
      (statement) => isSyntax(statement) && /^(Return|Break|Continue|Throw)Statement$/.test(statement.type),
    );
    const next: unknown = end === -1 ? undefined : list[end + 1];
    if (!isSyntax(next) || next.type === 'FunctionDeclaration' || next.type === 'BreakStatement') return [];
    return [
      warning(
        placeOf(next),
        'unreachable-code',
        'This line is never reached.',
        'Move it above the return, or leave it out.',
      ),
    ];
  });
  return [...own, ...children(node).flatMap(unreachable)];
}

const hiddenNumber = /[\w)\]]\s*\/\/\s*\d+(\.\d+)?\s*[;,)]*$/;
const hiddenBrackets = /[\w)\]]\s*\/\/\s*\(/;
const bracketsAtEnd = /\)\s*[;,]*$/;

/** `a // b` is a quotient in Python, and hides b in a comment here. */
function commentedQuotients(program: Fields, text: string): readonly Finding[] {
  return text.split('\n').flatMap((line, index) => {
    const end = line.trimEnd();
    const hides = hiddenNumber.test(end) || (bracketsAtEnd.test(end) && hiddenBrackets.test(end));
    if (!hides || /^\s*(\/\/|\*)/.test(line) || program.type !== 'Program') return [];
    const column = line.indexOf('//') + 1;
    const place = { start: 0, line: index + 1, column };
    return [
      warning(
        place,
        'commented-quotient',
        '`//` starts a comment here, so the divisor is lost.',
        'Write Math.floor(a / b).',
      ),
    ];
  });
}
