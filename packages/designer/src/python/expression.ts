import type { SyntaxNode } from '@lezer/common';
import { limits } from '../limits.ts';
import { comprehension } from './comprehension.ts';
import { callLibrary, callMethod, constants } from './library.ts';
import { logic } from './logic.ts';
import type { Scope } from './scope.ts';
import { childrenOf, refuse, splitAt } from './tree.ts';
import { atom, beside, called, elementwise, isNumber, type Kind, levels, sliced, unfit, type Value } from './value.ts';

/** A text that Python writes without prefixes, escapes or several parts. */
export function textOf(node: SyntaxNode, scope: Scope): string {
  const [, quote, text] = /^(['"])([^\\\n]*)\1$/.exec(scope.text(node)) ?? [];
  if (quote === undefined || text === undefined) return refuse(node, 'This text is not plain.', 'Use plain names.');
  return text;
}

/** A name as a property: after a dot, or in quotes. */
export function property(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

/** What a condition is: numbers count as Python counts them, arrays do not. */
export function condition(node: SyntaxNode, scope: Scope): Value {
  const value = expression(node, scope);
  if (isNumber(value) || value.kind === 'unknown') return value;
  return refuse(node, `${scope.text(node)} is no condition.`, 'Compare numbers, or write len(x) > 0.');
}

function numberText(node: SyntaxNode, scope: Scope): Value {
  const text = scope.text(node);
  if (/j$/i.test(text)) return refuse(node, 'Complex numbers are not known.');
  const value = Number(text.replaceAll('_', ''));
  const whole = /^[\d_]+$/.test(text);
  if (Number.isNaN(value) || (whole && value > Number.MAX_SAFE_INTEGER)) return refuse(node, `${text} is not exact.`);
  return atom(text.replace(/^0+(?=\d)/, ''), whole ? 'natural' : 'number');
}

const operators: Readonly<Record<string, readonly [string, number]>> = {
  '+': ['+', levels.sum],
  '-': ['-', levels.sum],
  '*': ['*', levels.product],
  '/': ['/', levels.product],
  '**': ['**', levels.power],
  '//': ['floorDivide', levels.member],
  '%': ['modulo', levels.member],
};

/** Arithmetic on numbers and, as NumPy does it, on vectors; what Python does to lists with the same signs is refused. */
export function arithmetic(node: SyntaxNode, sign: string, left: Value, right: Value, scope: Scope): Value {
  const [operator, level] = operators[sign] ?? [];
  if (operator === undefined || level === undefined) return refuse(node, `The operator ${sign} is not translated.`);
  for (const { kind } of [left, right]) {
    if (kind === 'list' || kind === 'text' || kind === 'record' || kind === 'nothing')
      return refuse(
        node,
        `${sign} is used on something else than numbers and arrays.`,
        'Make an array of it: np.array(x).',
      );
  }
  const natural = left.kind === 'natural' && right.kind === 'natural' && (sign === '+' || sign === '*');
  const value = elementwise([left, right], (a = left, b = right) => {
    const numbers = [a, b].every(isNumber);
    const kind: Kind = natural ? 'natural' : numbers ? 'number' : 'unknown';
    if (level === levels.member) {
      scope.needed.add(operator);
      return called(`${operator}(${a.text}, ${b.text})`, kind);
    }
    const [before, after] = sign === '**' ? [levels.member, levels.power] : [level, level + 1];
    return { text: `${beside(before, a)} ${operator} ${beside(after, b)}`, kind, level };
  });
  return value ?? refuse(node, ...unfit);
}

function binary(node: SyntaxNode, scope: Scope): Value {
  const children = childrenOf(node);
  const [left, right] = [children[0], children.at(-1)];
  const sign = children
    .slice(1, -1)
    .map((child) => scope.text(child))
    .join(' ');
  if (left === undefined || right === undefined) return refuse(node, 'This operator is not translated.');
  return arithmetic(node, sign, expression(left, scope), expression(right, scope), scope);
}

function unary(node: SyntaxNode, scope: Scope): Value {
  const [sign, operand] = childrenOf(node);
  const value = operand === undefined ? undefined : expression(operand, scope);
  const written = sign === undefined ? '' : scope.text(sign);
  if (
    value === undefined ||
    !/^[-+]$/.test(written) ||
    !(isNumber(value) || value.kind === 'vector' || value.kind === 'unknown')
  )
    return refuse(node, `The operator ${written} is not translated.`);
  const signed = elementwise([value], (x = value) => ({
    text: `${written}${beside(levels.signed, x)}`,
    kind: isNumber(x) ? 'number' : x.kind,
    level: levels.unary,
  }));
  return signed ?? refuse(node, ...unfit);
}

const fieldKind = (shape: readonly unknown[], unit: string): Kind =>
  shape.length > 0 ? 'vector' : unit === 'boolean' ? 'boolean' : 'number';

/** What a property of an input is, and how many entries it has. */
function inputKind(owner: Value, name: string, { environment }: Scope): readonly [Kind, (number | undefined)?] {
  if (owner.text === 'obs' || owner.text === 'next') {
    const field = environment.observation.find((each) => each.name === name);
    return field === undefined ? ['unknown'] : [fieldKind(field.shape, field.unit), field.shape[0]];
  }
  const constant = owner.text === 'env' ? environment.constants[name] : undefined;
  if (Array.isArray(constant)) return [Array.isArray(constant[0]) ? 'list' : 'vector', constant.length];
  return [owner.text === 'params' || owner.text === 'memory' || typeof constant === 'number' ? 'number' : 'unknown'];
}

function named(owner: Value, name: string, scope: Scope): Value {
  return called(`${beside(levels.member, owner)}${property(name)}`, ...inputKind(owner, name, scope));
}

function indexed(node: SyntaxNode, owner: Value, inside: readonly SyntaxNode[], scope: Scope): Value {
  const [first] = inside;
  const target = beside(levels.member, owner);
  if (inside.some(({ name }) => name === ':')) {
    const bounds = inside
      .filter(({ name }) => name !== ':')
      .map((bound) => {
        const { text, kind } = expression(bound, scope);
        return kind === 'nothing' ? refuse(bound, 'None bounds a slice.', 'Leave the bound out.') : text;
      });
    if (inside.filter(({ name }) => name === ':').length > 1)
      return refuse(node, 'A slice with a step is not translated.');
    const from = first?.name === ':' ? ['0', ...bounds] : bounds;
    if (owner.kind === 'record') return refuse(node, 'Fields are read by their names.');
    return called(`${target}.slice(${from.join(', ')})`, owner.kind, sliced(owner.length, from));
  }
  if (first === undefined || inside.length > 1) return refuse(node, 'An index of several numbers is not translated.');
  if (first.name === 'String') return named(owner, textOf(first, scope), scope);
  const index = expression(first, scope);
  if (owner.text === 'obs' || owner.text === 'next') {
    const field = scope.environment.observation[Number(index.text)]?.name;
    const advice = `Read fields by their names${field === undefined ? '' : `, as ${owner.text}["${field}"]`}.`;
    return refuse(node, `Fields of ${owner.text} have no numbers.`, advice);
  }
  const kind = owner.kind === 'vector' ? 'number' : 'unknown';
  if (/^-\d+$/.test(index.text)) return called(`${target}.at(${index.text})`, kind);
  if (owner.kind === 'record' || index.kind === 'natural') return called(`${target}[${index.text}]`, kind);
  return refuse(
    first,
    'An index that may be negative counts from the end in Python.',
    'Use a whole number, or a loop over range(...).',
  );
}

/** The dotted name of a member, such as `numpy.linalg.norm`, where it begins with a module. */
function moduleName(node: SyntaxNode, scope: Scope): string | undefined {
  const text = scope.text(node);
  const [root = '', ...rest] = text.split('.');
  const module = scope.has(root) || !/^[\w.]+$/.test(text) ? undefined : scope.imported.get(root);
  return module === undefined ? undefined : [module, ...rest].join('.');
}

/** How the parts of an expression are read, for what takes it apart. */
const reading = { expression, condition } as const;

function member(node: SyntaxNode, scope: Scope): Value {
  const [object, sign, ...inside] = childrenOf(node);
  const constant = moduleName(node, scope)?.replace(/^(?:numpy|math|torch)\./, '');
  if (constant !== undefined) return constants.get(constant) ?? refuse(node, `${scope.text(node)} is not known.`);
  if (object === undefined || sign === undefined) return refuse(node, 'This is not translated.');
  const owner = expression(object, scope);
  if (sign.name === '[') return indexed(node, owner, inside.slice(0, -1), scope);
  const name = inside.map((child) => scope.text(child)).join('');
  if (owner.kind === 'vector' && name === 'size') return called(`${beside(levels.member, owner)}.length`, 'natural');
  return owner.kind === 'record' ? named(owner, name, scope) : refuse(node, `.${name} is not translated.`);
}

/** The arguments of a call, in order and by keyword; a generator in it is a list. */
function argumentsOf(list: SyntaxNode, scope: Scope) {
  const inside = childrenOf(list).slice(1, -1);
  if (inside.some(({ name }) => name === 'for'))
    return { args: [comprehension(inside, scope, reading)], keywords: new Map<string, Value>() };
  const args: Value[] = [];
  const keywords = new Map<string, Value>();
  for (const [first, sign, value] of splitAt(inside, ',')) {
    if (first === undefined) continue;
    if (first.name === '*' || first.name === '**') return refuse(first, 'Arguments are not spread.');
    if (sign?.name === 'AssignOp' && value !== undefined) keywords.set(scope.text(first), expression(value, scope));
    else args.push(expression(first, scope));
  }
  return { args, keywords };
}

function call(node: SyntaxNode, scope: Scope): Value {
  const [callee, list] = childrenOf(node);
  if (callee === undefined || list === undefined) return refuse(node, 'This call is not translated.');
  const written = scope.text(callee);
  const given = argumentsOf(list, scope);
  const common = { ...given, need: (name: string) => void scope.needed.add(name) };
  const unknown = () => refuse(node, `${written}(…) is not known, or not with these arguments.`);
  if (scope.functions.has(written)) {
    if (given.keywords.size > 0)
      return refuse(node, `${written} is called with keywords.`, 'Give its arguments in order.');
    return called(`${scope.renamed(written)}(${given.args.map(({ text }) => text).join(', ')})`, 'unknown');
  }
  if (callee.name === 'VariableName') {
    const [module = '', name = written] = scope.imported.get(written)?.split(/\.(?=\w+$)/) ?? [];
    return (scope.has(written) ? undefined : callLibrary(name, { ...common, module })) ?? unknown();
  }
  const path = moduleName(callee, scope);
  if (path !== undefined) {
    const at = path.lastIndexOf('.');
    return callLibrary(path.slice(at + 1), { ...common, module: path.slice(0, at) }) ?? unknown();
  }
  const [object, dot, name] = childrenOf(callee);
  if (callee.name !== 'MemberExpression' || object === undefined || dot?.name !== '.' || name === undefined)
    return unknown();
  const args = [expression(object, scope), ...given.args];
  return callMethod(scope.text(name), { ...common, module: '', args }) ?? unknown();
}

function record(node: SyntaxNode, scope: Scope): Value {
  const entries = splitAt(childrenOf(node).slice(1, -1), ',').map(([key, sign, value]) => {
    if (key?.name === '**' && sign !== undefined) return `...${expression(sign, scope).text}`;
    if (key?.name !== 'String' || value === undefined) return refuse(node, 'Keys are plain text.');
    const name = textOf(key, scope);
    const { text } = expression(value, scope);
    if (text === name) return name;
    return `${property(name).startsWith('.') ? name : JSON.stringify(name)}: ${text}`;
  });
  return atom(entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`, 'record');
}

function choice(node: SyntaxNode, scope: Scope): Value {
  const [a, , test, , b] = childrenOf(node);
  if (a === undefined || test === undefined || b === undefined) return refuse(node, 'This choice is not translated.');
  const [met, otherwise] = [expression(a, scope), expression(b, scope)];
  const text = `${beside(levels.or, condition(test, scope))} ? ${beside(levels.choice, met)} : ${beside(levels.choice, otherwise)}`;
  const numbers = isNumber(met) && isNumber(otherwise);
  const length = met.length === otherwise.length ? met.length : undefined;
  const kind = met.kind === otherwise.kind ? met.kind : numbers ? 'number' : 'unknown';
  return { text, kind, level: levels.choice, length };
}

/** Translates an expression; throws an `Untranslatable` that says where and what to write. */
export function expression(node: SyntaxNode, scope: Scope): Value {
  const value = read(node, scope);
  // What stands between two signs of comparison is written twice, and doubles with each that is nested in it.
  if (value.text.length > limits.programLength) refuse(node, 'This is too long.', 'Give its parts names of their own.');
  return value;
}

function read(node: SyntaxNode, scope: Scope): Value {
  switch (node.name) {
    case 'Number':
      return numberText(node, scope);
    case 'Boolean':
      return atom(scope.text(node) === 'True' ? 'true' : 'false', 'boolean');
    case 'None':
      return atom('null', 'nothing');
    case 'String':
      return atom(`'${textOf(node, scope).replaceAll("'", "\\'")}'`, 'text');
    case 'VariableName':
      return (
        constants.get(/^(?:numpy|math|torch)\.(\w+)$/.exec(moduleName(node, scope) ?? '')?.[1] ?? '') ??
        scope.read(node)
      );
    case 'ParenthesizedExpression': {
      const inside = childrenOf(node)[1];
      return inside === undefined ? refuse(node, 'This is not translated.') : expression(inside, scope);
    }
    case 'TupleExpression':
    case 'ArrayExpression': {
      const items = splitAt(childrenOf(node).slice(1, -1), ',').map((item) =>
        item.length === 1 && item[0] !== undefined
          ? expression(item[0], scope).text
          : refuse(node, 'This list is not translated.'),
      );
      return atom(`[${items.join(', ')}]`, 'list', items.length);
    }
    case 'ArrayComprehensionExpression':
    case 'ComprehensionExpression':
      return comprehension(childrenOf(node).slice(1, -1), scope, reading);
    case 'DictionaryExpression':
      return record(node, scope);
    case 'UnaryExpression':
    case 'BinaryExpression':
      return (
        logic(node, scope, reading) ?? (node.name === 'UnaryExpression' ? unary(node, scope) : binary(node, scope))
      );
    case 'ConditionalExpression':
      return choice(node, scope);
    case 'MemberExpression':
      return member(node, scope);
    case 'CallExpression':
      return call(node, scope);
    default:
      return refuse(node, `${scope.text(node).split('\n')[0]} is not translated.`);
  }
}
