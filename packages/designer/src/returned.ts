import { type Expression, type Node, parse } from 'acorn';

/** What a program of one exported function returns. */
export interface Returned {
  readonly value: Expression;
  /** The text of a part of it, with the text of local constants where their names stand. */
  readonly textOf: (node: Node) => string;
}

/** Puts the text of local constants where their names stand. */
function substituted(expression: string, locals: ReadonlyMap<string, string>): string {
  return expression.replace(/(?<![\w.])[A-Za-z_]\w*/g, (name) => {
    const local = locals.get(name);
    return local === undefined ? name : `(${local})`;
  });
}

/** Reads a function of constants and one return; nothing where it is of another form. Throws where it is no JavaScript. */
export function returnedBy(source: string): Returned | undefined {
  const program = parse(source, { ecmaVersion: 'latest', sourceType: 'module' });
  for (const statement of program.body) {
    if (statement.type !== 'ExportNamedDeclaration') continue;
    const declaration = statement.declaration;
    if (declaration?.type !== 'FunctionDeclaration') continue;
    const locals = new Map<string, string>();
    const textOf = ({ start, end }: Node) => substituted(source.slice(start, end), locals);
    for (const inner of declaration.body.body) {
      if (inner.type === 'VariableDeclaration') {
        for (const { id, init } of inner.declarations) {
          if (id.type !== 'Identifier' || !init) return undefined;
          locals.set(id.name, textOf(init));
        }
      } else if (inner.type === 'ReturnStatement' && inner.argument) {
        return { value: inner.argument, textOf };
      } else {
        return undefined;
      }
    }
  }
  return undefined;
}
