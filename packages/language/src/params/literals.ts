import { type Fields, isSyntax, walk } from './syntax.ts';

/** A number inside a program that may become one of its params. */
export interface Literal {
  readonly value: number;
  /** What it is called, from the words around it. */
  readonly name: string;
  /** The text that stands for it: its own, or that of every use of a module constant. */
  readonly places: readonly { readonly start: number; readonly end: number; readonly shorthand: string | null }[];
  readonly line: number;
  readonly column: number;
}

/** Below this a number guards a division, and is not for tuning. */
const guard = 1e-4;
/** A longer list of numbers is a table. */
const longestList = 6;

const structural =
  /^(slice|at|fill|flat|with|from|of|splice|keys|entries|push|unshift|concat|includes|indexOf|lastIndexOf)$/;

/** The numbers of a program that a tuner may vary: no index, bound of a loop, exponent, code of an action or guard. */
export function literals(program: Fields, skip: Fields | null): readonly Literal[] {
  const found: Literal[] = [];
  const around = surroundings(program, skip);
  walk(program, (node, parents, key) => {
    if (node.type !== 'Literal' || typeof node['value'] !== 'number' || around.skipped.has(node)) return;
    const parent = parents.at(-1);
    if (parent === undefined || isFixed(node['value'], node, parents, key, around)) return;
    const inFunction = around.inFunctions.has(node);
    const constant = inFunction ? null : moduleConstant(parents);
    const { line, column } = node.loc?.start ?? { line: 1, column: 0 };
    const at = { value: node['value'], line, column: column + 1 };
    if (constant !== null) {
      const places = parent.type === 'VariableDeclarator' ? usesOf(around, constant) : [];
      if (places.length > 0) found.push({ ...at, name: camel(constant), places });
    } else if (inFunction) {
      const places = [{ start: node.start, end: node.end, shorthand: null }];
      found.push({ ...at, name: nameFor(node, parents), places });
    }
  });
  return found;
}

/** What is asked about the nodes around each number, found in one go. */
interface Surroundings {
  /** Nodes in what is to be skipped, in functions, in the heads of loops, and with pi inside. */
  readonly skipped: ReadonlySet<Fields>;
  readonly inFunctions: ReadonlySet<Fields>;
  readonly inHeads: ReadonlySet<Fields>;
  readonly withPi: ReadonlySet<Fields>;
  readonly names: ReadonlyMap<string, Name>;
}

/** Where a name stands. */
interface Name {
  readonly places: { readonly start: number; readonly end: number; readonly shorthand: string | null }[];
  declared: number;
  outside: boolean;
}

function surroundings(program: Fields, skip: Fields | null): Surroundings {
  const [skipped, inFunctions, inHeads, withPi] = [
    new Set<Fields>(),
    new Set<Fields>(),
    new Set<Fields>(),
    new Set<Fields>(),
  ];
  const names = new Map<string, Name>();
  walk(program, (node, parents, key) => {
    const parent = parents.at(-1);
    if (parent !== undefined) {
      const isHead = /^(For|While|DoWhile)/.test(parent.type) && ['init', 'test', 'update', 'right'].includes(key);
      if (isHead || inHeads.has(parent)) inHeads.add(node);
      if (/Function/.test(parent.type) || inFunctions.has(parent)) inFunctions.add(node);
      if (parent === skip || skipped.has(parent)) skipped.add(node);
    }
    const { property } = node;
    if (node.type === 'MemberExpression' && isSyntax(property) && property['name'] === 'PI') {
      withPi.add(node);
      for (let index = parents.length - 1; index >= 0; index--) {
        const holder = parents[index];
        if (holder === undefined || withPi.has(holder)) break;
        withPi.add(holder);
      }
    }
    if (node.type === 'Identifier') note(names, node, parents, key, inFunctions.has(node));
  });
  return { skipped, inFunctions, inHeads, withPi, names };
}

function isFixed(
  value: number,
  node: Fields,
  parents: readonly Fields[],
  key: string,
  { inHeads, withPi }: Surroundings,
): boolean {
  if (value === 0 || value === 1 || Math.abs(value) < guard || !Number.isFinite(value)) return true;
  const parent = parents.at(-1);
  if (parent === undefined) return true;
  const operator = String(parent['operator'] ?? '');
  if (parent.type === 'MemberExpression' || parent.type === 'SwitchCase' || parent.type === 'UpdateExpression')
    return true;
  if (parent.type === 'TemplateLiteral' || (parent.type === 'Property' && key === 'key')) return true;
  if (parent.type === 'ArrayExpression' && Array.isArray(parent['elements']) && parent['elements'].length > longestList)
    return true;
  if (parent.type === 'CallExpression' && isStructuralCall(parent)) return true;
  if (parent.type === 'BinaryExpression') {
    if (['**', '%', '===', '!==', '==', '!=', '|', '&', '^', '<<', '>>', '>>>'].includes(operator)) return true;
    const other = parent['left'] === node ? parent['right'] : parent['left'];
    if (operator === '/' && value === 2 && parent['right'] === node) return true;
    const sum = parents[parents.findLastIndex(({ type }) => type !== 'BinaryExpression') + 1] ?? parent;
    if ((value === 180 || value === 360) && withPi.has(sum)) return true;
    if (isSyntax(other) && withPi.has(other)) return true;
  }
  return inHeads.has(node);
}

function isStructuralCall(call: Fields): boolean {
  const { callee } = call;
  if (!isSyntax(callee)) return true;
  if (callee.type === 'Identifier') return callee['name'] === 'Array';
  const { property } = callee;
  return isSyntax(property) && (structural.test(String(property['name'])) || property['name'] === 'pow');
}

/** The constant at module level that a number outside all functions belongs to. */
function moduleConstant(parents: readonly Fields[]): string | null {
  const declarator = parents.find(({ type }) => type === 'VariableDeclarator');
  const id = declarator?.['id'];
  return isSyntax(id) && id.type === 'Identifier' ? String(id['name']) : null;
}

/** Where functions read a module constant; none where one of them declares the same name. */
function usesOf({ names }: Surroundings, name: string): Literal['places'] {
  const found = names.get(name);
  return found === undefined || found.declared > 1 || found.outside ? [] : found.places;
}

/** Takes down where a name stands. */
function note(
  names: Map<string, Name>,
  node: Fields,
  parents: readonly Fields[],
  key: string,
  inFunction: boolean,
): void {
  const name = String(node['name']);
  const found = names.get(name) ?? { places: [], declared: 0, outside: false };
  names.set(name, found);
  const parent = parents.at(-1);
  const isName = (key === 'property' || key === 'key') && parent?.['computed'] !== true;
  if (key === 'id' || key === 'params' || key === 'left' || parent?.type === 'ExportSpecifier') found.declared += 1;
  else if (parent?.type === 'Property' && parent['shorthand'] === true) {
    if (key === 'value') found.places.push({ start: parent.start, end: parent.end, shorthand: name });
    if (parents.at(-2)?.type === 'ObjectPattern') found.declared += 1;
  } else if (!isName) {
    if (isCode(parent, key)) found.outside = true;
    if (inFunction) found.places.push({ start: node.start, end: node.end, shorthand: null });
    else found.outside = true;
  }
}

/** Whether a name stands where only a code or an index is meant: `action === FORWARD`, `v[ELBOW]`. */
function isCode(parent: Fields | undefined, key: string): boolean {
  if (parent === undefined) return false;
  if (parent.type === 'SwitchCase' || (parent.type === 'MemberExpression' && key === 'property')) return true;
  if (parent.type === 'ArrayExpression') return true;
  return parent.type === 'BinaryExpression' && /^[=!]==?$|^%$|^\*\*$/.test(String(parent['operator']));
}

/** `HEADING_LIMIT` and `headingLimit` are both headingLimit. */
export function camel(name: string): string {
  const words = name.split(/_+|(?<=[a-z0-9])(?=[A-Z])/).filter((word) => word !== '');
  return words
    .map((word, index) => {
      const lower = word.toLowerCase();
      return index === 0 ? lower : lower.charAt(0).toUpperCase() + lower.slice(1);
    })
    .join('');
}

/** A name from the nearest words: what it is compared with, the component or value it goes into, and its part there. */
function nameFor(node: Fields, parents: readonly Fields[]): string {
  const parent = parents.at(-1);
  const grand = parents.at(-2);
  const own = parent?.type === 'UnaryExpression' ? grand : parent;
  const inner = parent?.type === 'UnaryExpression' ? parent : node;
  if (own?.type === 'VariableDeclarator' && isSyntax(own['id']) && own['id'].type === 'Identifier')
    return camel(String(own['id']['name']));
  if (own?.type === 'Property' && isSyntax(own['key'])) return camel(String(own['key']['name'] ?? own['key']['value']));
  if (own?.type === 'AssignmentPattern' && isSyntax(own['left']) && own['left'].type === 'Identifier')
    return camel(String(own['left']['name']));
  const part = partOf(own, inner);
  if (own?.type === 'BinaryExpression' && part === 'Threshold') {
    const other = own['left'] === inner ? own['right'] : own['left'];
    const subject = isSyntax(other) ? lastName(other) : null;
    if (subject !== null) return `${camel(subject)}${part}`;
  }
  return `${camel(contextName(parents) ?? 'reward')}${part}`;
}

function partOf(parent: Fields | undefined, node: Fields): string {
  const operator = String(parent?.['operator'] ?? '');
  if (['<', '<=', '>', '>='].includes(operator)) return 'Threshold';
  if (operator.startsWith('*')) return 'Weight';
  if (operator.startsWith('/')) return parent?.['right'] === node ? 'Scale' : 'Weight';
  if (operator.startsWith('+') || operator.startsWith('-')) return 'Offset';
  if (parent?.type === 'ArrayExpression') return 'Bound';
  if (parent?.type === 'CallExpression') return 'Limit';
  return 'Value';
}

/** The last word of a name or path: `next.torsoHeight` is torsoHeight. */
function lastName(node: Fields): string | null {
  if (node.type === 'Identifier') return String(node['name']);
  const { property, callee } = node;
  if (node.type === 'MemberExpression' && isSyntax(property)) {
    if (node['computed'] !== true) return String(property['name']);
    return isSyntax(node['object']) ? lastName(node['object']) : null;
  }
  const args = node['arguments'];
  if (node.type === 'CallExpression' && Array.isArray(args)) {
    const inside = args
      .filter(isSyntax)
      .map(lastName)
      .find((name) => name !== null);
    return inside ?? (isSyntax(callee) ? lastName(callee) : null);
  }
  return null;
}

/** The component, value or function that a number goes into. */
function contextName(parents: readonly Fields[]): string | null {
  for (const parent of parents.toReversed()) {
    const { key, id, left } = parent;
    if (parent.type === 'Property' && isSyntax(key) && parent['computed'] !== true)
      return String(key['name'] ?? key['value']);
    if (
      (parent.type === 'VariableDeclarator' || parent.type === 'FunctionDeclaration') &&
      isSyntax(id) &&
      id.type === 'Identifier'
    )
      return String(id['name']);
    if (parent.type === 'AssignmentExpression' && isSyntax(left)) {
      const name = lastName(left);
      if (name !== null) return name;
    }
  }
  return null;
}
