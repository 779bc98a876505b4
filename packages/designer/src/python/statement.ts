import type { SyntaxNode } from '@lezer/common';
import { assignedIn } from './assigned.ts';
import { bind, sequence } from './comprehension.ts';
import { arithmetic, condition, expression } from './expression.ts';
import { importModules } from './imports.ts';
import type { Scope } from './scope.ts';
import { childrenOf, refuse, splitAt } from './tree.ts';
import { atom, type Value } from './value.ts';

/** The function whose statements are translated. */
interface Frame {
  readonly scope: Scope;
  /** How often each name is assigned, and which are declared where they are first assigned. */
  readonly counts: ReadonlyMap<string, number>;
  readonly direct: ReadonlySet<string>;
  readonly declared: Set<string>;
  /** Of the reward itself, whose pair of a total and its components is a record. */
  readonly entry: boolean;
}

const reading = { expression, condition } as const;

function indent(lines: readonly string[]): readonly string[] {
  return lines.map((line) => (line === '' ? '' : `  ${line}`));
}

/** A value that a name holds: one that is assigned again may hold any other later. */
function held(name: string, value: Value, { counts }: Frame): Value['kind'] {
  if ((counts.get(name) ?? 0) < 2) return value.kind;
  return value.kind === 'natural' ? 'number' : value.kind === 'nothing' ? 'unknown' : value.kind;
}

function tupleOf(parts: readonly (readonly SyntaxNode[])[], node: SyntaxNode, scope: Scope): readonly Value[] {
  return parts.map(([part, ...more]) =>
    part === undefined || more.length > 0 ? refuse(node, 'This tuple is not translated.') : expression(part, scope),
  );
}

function assignNames(
  node: SyntaxNode,
  names: readonly string[],
  values: readonly Value[] | Value,
  frame: Frame,
): readonly string[] {
  const { scope, counts, direct, declared } = frame;
  const fresh = names.filter((name) => !declared.has(name));
  const together = fresh.length === names.length && names.every((name) => direct.has(name));
  const own = names.map((name, place) => {
    const value = Array.isArray(values) ? values[place] : undefined;
    const kind =
      value === undefined
        ? 'kind' in values && values.kind === 'vector'
          ? 'number'
          : 'unknown'
        : held(name, value, frame);
    if (value !== undefined && scope.isResized(name, value))
      return refuse(node, `${name} holds an array of another length from here on.`, 'Give it a name of its own.');
    return scope.declare(name, kind, value?.length);
  });
  for (const name of names) declared.add(name);
  const right =
    'kind' in values
      ? values.text
      : values.length === 1
        ? (values[0]?.text ?? '')
        : `[${values.map(({ text }) => text).join(', ')}]`;
  if (!('kind' in values) && values.length !== names.length)
    return refuse(node, 'There are not as many names as values.');
  const left = names.length === 1 && !('kind' in values) ? (own[0] ?? '') : `[${own.join(', ')}]`;
  if (together) return [`${names.every((name) => counts.get(name) === 1) ? 'const' : 'let'} ${left} = ${right};`];
  return [
    ...fresh.filter((name) => direct.has(name)).map((name) => `let ${scope.renamed(name)};`),
    `${left} = ${right};`,
  ];
}

/**
 * An entry of a record that is assigned. Arrays and lists keep theirs: a copy, a slice and a second name of one differ only where entries
 * change, and they need not be told apart.
 */
function entryOf(target: SyntaxNode, { scope }: Frame): Value {
  const [object, , ...inside] = childrenOf(target);
  const slice = inside.some(({ name }) => name === ':');
  if (object === undefined || slice || expression(object, scope).kind !== 'record')
    return refuse(
      target,
      'An entry of an array or a list is assigned.',
      'Only entries of a dict made in this function are; write the array whole: np.array([a, b]).',
    );
  return expression(target, scope);
}

function assign(node: SyntaxNode, frame: Frame): readonly string[] {
  const { scope } = frame;
  const children = childrenOf(node).filter(({ name }) => name !== 'TypeDef');
  const sides = splitAt(children, 'AssignOp');
  const [left, right, ...more] = sides;
  if (right === undefined && children.length === 1) return [];
  if (left === undefined || right === undefined || more.length > 0)
    return refuse(node, 'Several assignments in one are not translated.');
  const targets = splitAt(
    left.flatMap((target) => (target.name === 'TupleExpression' ? childrenOf(target).slice(1, -1) : [target])),
    ',',
  );
  const parts = splitAt(right, ',');
  const values = tupleOf(parts, node, scope);
  const [only] = values;
  const [target] = targets[0] ?? [];
  if (targets.length === 1 && target?.name === 'MemberExpression' && only !== undefined && values.length === 1)
    return [`${entryOf(target, frame).text} = ${only.text};`];
  if (targets.some(([each]) => each?.name !== 'VariableName'))
    return refuse(node, 'This assignment is not translated.');
  if (targets.length > 1 && values.length === 1 && only?.kind === 'record')
    return refuse(node, 'Fields have no order.', 'Read each by its name.');
  const names = targets.flatMap(([each]) => (each === undefined ? [] : [scope.text(each)]));
  const one =
    names.length === 1 && values.length > 1
      ? [atom(`[${values.map(({ text }) => text).join(', ')}]`, 'list', values.length)]
      : values;
  return assignNames(node, names, names.length > 1 && values.length === 1 && only !== undefined ? only : one, frame);
}

function update(node: SyntaxNode, frame: Frame): readonly string[] {
  const { scope } = frame;
  const [target, sign, right] = childrenOf(node);
  if (target === undefined || sign === undefined || right === undefined)
    return refuse(node, 'This assignment is not translated.');
  const before = target.name === 'MemberExpression' ? entryOf(target, frame) : expression(target, scope);
  if (before.kind === 'vector' || before.kind === 'list')
    return refuse(node, 'An array is changed in place.', 'Give the new array a name of its own: x = x + …');
  const value = arithmetic(node, scope.text(sign).slice(0, -1), before, expression(right, scope), scope);
  if (target.name !== 'VariableName') return [`${before.text} = ${value.text};`];
  return [`${scope.declare(scope.text(target), held(scope.text(target), value, frame))} = ${value.text};`];
}

function conditional(node: SyntaxNode, frame: Frame): readonly string[] {
  const lines: string[] = [];
  const children = childrenOf(node);
  children.forEach((child, place) => {
    if (child.name !== 'Body') return;
    const [word, test] = [children[place - 2], children[place - 1]];
    const otherwise = test?.name === 'else';
    const head = otherwise || test === undefined ? '{' : `if (${condition(test, frame.scope).text}) {`;
    if (lines.length === 0) lines.push(head);
    else lines.splice(-1, 1, `} else ${head}`);
    if (!otherwise && word?.name !== 'if' && word?.name !== 'elif') refuse(child, 'This condition is not translated.');
    lines.push(...indent(block(child, frame)), '}');
  });
  return lines;
}

function loop(node: SyntaxNode, frame: Frame): readonly string[] {
  const { scope } = frame;
  const children = childrenOf(node);
  const at = children.findIndex(({ name }) => name === 'in');
  const [source, body, ...more] = children.slice(at + 1);
  if (source === undefined || body === undefined || more.length > 0)
    return refuse(node, 'A loop with else is not translated.');
  const targets = children.slice(1, at);
  for (const target of targets) {
    const name = scope.text(target);
    if (frame.counts.has(name) || scope.has(name))
      refuse(target, `${name} is assigned elsewhere, too.`, 'Give each loop a name of its own, and do not assign it.');
  }
  const over = sequence(source, scope, reading);
  // Names of Python may hold any letters.
  const read = new Set(scope.text(source).match(/[\w\u0080-\uffff]+/g));
  const bound = [...assignedIn(body, scope).counts.keys()].find((name) => read.has(name));
  if (bound !== undefined)
    return refuse(source, `${bound} changes while the loop goes over it.`, 'Loop over what stays as it is.');
  return scope.within(() => {
    const names = bind(targets, over, scope);
    const length = /^Array\.from\(\{ length: ([^}]*?) \}, \(_, index\) => index\)$/.exec(over.text)?.[1];
    const head =
      length === undefined
        ? `for (const ${names} of ${over.text}) {`
        : `for (let ${names} = 0; ${names} < ${length}; ${names} += 1) {`;
    return [head, ...indent(block(body, frame)), '}'];
  });
}

function returned(node: SyntaxNode, { scope, entry }: Frame): readonly string[] {
  const inside = childrenOf(node).slice(1);
  const [only] = inside;
  const tuple = inside.length === 1 && only?.name === 'TupleExpression' ? childrenOf(only).slice(1, -1) : inside;
  const values = tupleOf(splitAt(tuple, ','), node, scope);
  const [first, second] = values;
  if (first === undefined) return ['return;'];
  if (values.length === 1) return [`return ${first.text};`];
  if (!entry) return [`return [${values.map(({ text }) => text).join(', ')}];`];
  if (second === undefined || values.length > 2)
    return refuse(
      node,
      'More than two values are returned.',
      'Return the total and a dict of its components, or the dict alone.',
    );
  return [`return { total: ${first.text}, components: ${second.text} };`];
}

function statement(node: SyntaxNode, frame: Frame): readonly string[] {
  switch (node.name) {
    case 'AssignStatement':
      return assign(node, frame);
    case 'UpdateStatement':
      return update(node, frame);
    case 'IfStatement':
      return conditional(node, frame);
    case 'ForStatement':
      return loop(node, frame);
    case 'WhileStatement': {
      const [, test, body, ...more] = childrenOf(node);
      if (test === undefined || body === undefined || more.length > 0)
        return refuse(node, 'A loop with else is not translated.');
      return [`while (${condition(test, frame.scope).text}) {`, ...indent(block(body, frame)), '}'];
    }
    case 'ReturnStatement':
      return returned(node, frame);
    case 'ExpressionStatement':
      return node.firstChild?.name === 'String' ? [] : refuse(node, 'This statement is not translated.');
    case 'StatementGroup':
      return childrenOf(node).flatMap((each) => (each.name === ';' ? [] : statement(each, frame)));
    case 'PassStatement':
      return [];
    case 'ImportStatement':
      importModules(node, frame.scope);
      return [];
    case 'BreakStatement':
      return ['break;'];
    case 'ContinueStatement':
      return ['continue;'];
    default:
      return refuse(node, `${frame.scope.text(node).split('\n')[0]} is not translated.`);
  }
}

/** The statements of a block, comments among them. */
function block(body: SyntaxNode, frame: Frame): readonly string[] {
  const lines: string[] = [];
  for (let node = body.firstChild; node !== null; node = node.nextSibling) {
    if (node.name === 'Comment') lines.push(`//${frame.scope.text(node).slice(1)}`);
    else if (node.name !== ':') lines.push(...statement(node, frame));
  }
  return lines;
}

/** The parameters of a function, with the defaults that are written for them. */
export function parametersOf(node: SyntaxNode, scope: Scope) {
  const list = childrenOf(node).find(({ name }) => name === 'ParamList');
  const inside = list === undefined ? [] : childrenOf(list).slice(1, -1);
  return splitAt(inside, ',').flatMap((part) => {
    const [name] = part;
    // What only gathers arguments that nobody gives, or only separates.
    if (name === undefined || name.name === '*' || name.name === '**' || name.name === '/') return [];
    const at = part.findIndex((each) => each.name === 'AssignOp');
    return [{ name: scope.text(name), value: at < 0 ? undefined : part[at + 1] }];
  });
}

/** The body of a function: names that are first assigned within a block are declared before it. */
export function bodyText(node: SyntaxNode, scope: Scope, entry: boolean): readonly string[] {
  const body = childrenOf(node).find(({ name }) => name === 'Body');
  if (body === undefined) return refuse(node, 'This function has no body.');
  const { counts, direct } = assignedIn(body, scope);
  const given = new Set(parametersOf(node, scope).map(({ name }) => name));
  // The parameters of a helper are variables of its translation, too; those of the reward are inputs, which keep their values.
  const frame = { scope, counts, direct, declared: new Set(entry ? [] : given), entry };
  const inner = [...counts.keys()].filter((name) => !direct.has(name) && !frame.declared.has(name));
  const outer = inner.find((name) => given.has(name) || scope.has(name));
  if (outer !== undefined)
    return refuse(
      node,
      `${outer} is assigned in a branch or a loop, and holds another value where it is not.`,
      'Give what is assigned there a name of its own, with a value before the branch.',
    );
  const late = inner.map((name) => `let ${scope.renamed(name)};`);
  return indent([...late, ...block(body, frame)]);
}

/** A helper as an arrow function. */
export function functionText(node: SyntaxNode, scope: Scope): readonly string[] {
  return scope.within(() => {
    const given = parametersOf(node, scope).map(({ name, value }) => {
      const fallback = value === undefined ? '' : ` = ${expression(value, scope).text}`;
      return `${scope.declare(name, 'unknown')}${fallback}`;
    });
    return [`(${given.join(', ')}) => {`, ...bodyText(node, scope, false), '}'];
  });
}
