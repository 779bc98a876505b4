import type { BlockStatement, Pattern, Node as Syntax } from 'acorn';

const known = new WeakMap<BlockStatement, ReadonlySet<string>>();

/** The names that `var` declares anywhere in the body of a function: they are variables of the whole function. */
export function varsOf(body: BlockStatement): ReadonlySet<string> {
  const vars = known.get(body) ?? varsIn(body);
  known.set(body, vars);
  return vars;
}

function varsIn(body: BlockStatement): ReadonlySet<string> {
  const found = new Set<string>();
  const stack: unknown[] = [body];
  for (let each = stack.pop(); each !== undefined; each = stack.pop()) {
    if (Array.isArray(each)) stack.push(...each);
    if (!isSyntax(each) || /Function|Class/.test(each.type)) continue;
    if ('kind' in each && each.kind === 'var' && 'declarations' in each && Array.isArray(each.declarations)) {
      for (const { id } of each.declarations) for (const name of namesIn(id)) found.add(name);
    }
    // Statements hold declarations, expressions do not.
    if (/Statement|Declaration|SwitchCase|CatchClause/.test(each.type)) stack.push(...Object.values(each));
  }
  return found;
}

function isSyntax(value: unknown): value is Syntax {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

function namesIn(pattern: Pattern | null): readonly string[] {
  switch (pattern?.type) {
    case 'Identifier':
      return [pattern.name];
    case 'AssignmentPattern':
      return namesIn(pattern.left);
    case 'RestElement':
      return namesIn(pattern.argument);
    case 'ArrayPattern':
      return pattern.elements.flatMap(namesIn);
    case 'ObjectPattern':
      return pattern.properties.flatMap((each) => namesIn(each.type === 'Property' ? each.value : each.argument));
    default:
      return [];
  }
}
