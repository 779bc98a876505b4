import { type Expression, type Node, type Pattern, parse, type Statement, type VariableDeclaration } from 'acorn';
import { simple } from 'acorn-walk';

/** Operators that give a number of numbers. */
export const arithmetic: ReadonlySet<string> = new Set(['+', '-', '*', '/', '%', '**']);

/** What a program of one exported function returns. */
export interface Returned {
  readonly value: Expression;
  /**
   * The text of a part of it, with constants of the program's own spelt out, and other names changed as `renamed` says. Nothing where it
   * needs what cannot stand in another program: a function of its own, or a name that is not plainly given.
   */
  textOf(node: Node, renamed?: ReadonlyMap<string, string>): string | undefined;
  /** What a part of it stands for: a constant's value in the place of its name. */
  valueOf(node: Expression): Expression;
}

interface Name {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** The names that an expression reads, first to last; members and keys are none. */
function namesIn(node: Node): readonly Name[] {
  const found: Name[] = [];
  simple(node, { Identifier: ({ name, start, end }) => found.push({ name, start, end }) });
  return found.toSorted((a, b) => a.start - b.start);
}

/** The names that a pattern gives, where it is not one plain name. */
function namesGiven(pattern: Pattern): readonly string[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name];
    case 'ObjectPattern':
      return pattern.properties.flatMap((entry) =>
        namesGiven(entry.type === 'Property' ? entry.value : entry.argument),
      );
    case 'ArrayPattern':
      return pattern.elements.flatMap((entry) => (entry === null ? [] : namesGiven(entry)));
    case 'AssignmentPattern':
      return namesGiven(pattern.left);
    case 'RestElement':
      return namesGiven(pattern.argument);
    case 'MemberExpression':
      return [];
  }
}

/** Inputs that the function takes under their own names. */
function inputsOf(parameters: readonly Pattern[]): ReadonlySet<string> {
  const [only, ...more] = parameters;
  if (only?.type !== 'ObjectPattern' || more.length > 0) return new Set();
  return new Set(
    only.properties.flatMap((entry) =>
      entry.type === 'Property' &&
      !entry.computed &&
      entry.key.type === 'Identifier' &&
      entry.value.type === 'Identifier' &&
      entry.key.name === entry.value.name
        ? [entry.key.name]
        : [],
    ),
  );
}

/** Reads the function of a program: constants, and one return. */
class Reader implements Returned {
  readonly #source: string;
  readonly #constants = new Map<string, Expression>();
  /** Names of the program's own that have no expression to stand in their place. */
  readonly #opaque = new Set<string>();
  #value: Expression | undefined;

  constructor(source: string) {
    this.#source = source;
  }

  get value(): Expression {
    if (this.#value === undefined) throw new Error('a program is read before its return is asked for');
    return this.#value;
  }

  /** Whether it is of this form. */
  read(): boolean {
    for (const statement of parse(this.#source, { ecmaVersion: 'latest', sourceType: 'module' }).body) {
      const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
      if (declaration?.type === 'VariableDeclaration') {
        // What it exports besides, parameters and memory, is set from outside.
        this.#declare(declaration, declaration.kind === 'const' && statement.type !== 'ExportNamedDeclaration');
      } else if (declaration?.type === 'FunctionDeclaration') {
        if (statement.type !== 'ExportNamedDeclaration') {
          this.#opaque.add(declaration.id?.name ?? '');
          continue;
        }
        const inputs = inputsOf(declaration.params);
        for (const name of declaration.params.flatMap(namesGiven)) if (!inputs.has(name)) this.#opaque.add(name);
        return this.#readBody(declaration.body.body);
      }
    }
    return false;
  }

  #readBody(body: readonly Statement[]): boolean {
    for (const inner of body) {
      if (inner.type === 'VariableDeclaration') {
        // Nothing is assigned before the return.
        this.#declare(inner, true);
      } else if (inner.type === 'ReturnStatement' && inner.argument) {
        this.#value = inner.argument;
        return true;
      } else {
        return false;
      }
    }
    return false;
  }

  #declare({ declarations }: VariableDeclaration, constant: boolean): void {
    for (const { id, init } of declarations) {
      if (constant && id.type === 'Identifier' && init) this.#constants.set(id.name, init);
      else for (const name of namesGiven(id)) this.#opaque.add(name);
    }
  }

  textOf(node: Node, renamed: ReadonlyMap<string, string> = new Map()): string | undefined {
    let [text, from] = ['', node.start];
    for (const { name, start, end } of namesIn(node)) {
      const constant = this.#constants.get(name);
      const written = constant === undefined ? (renamed.get(name) ?? name) : this.textOf(constant, renamed);
      if (written === undefined || this.#opaque.has(name)) return undefined;
      text += `${this.#source.slice(from, start)}${constant === undefined ? written : `(${written})`}`;
      from = end;
    }
    return text + this.#source.slice(from, node.end);
  }

  valueOf(node: Expression): Expression {
    const constant = node.type === 'Identifier' ? this.#constants.get(node.name) : undefined;
    return constant === undefined ? node : this.valueOf(constant);
  }
}

/** Reads a function of constants and one return; nothing where it is of another form. Throws where it is no JavaScript. */
export function returnedBy(source: string): Returned | undefined {
  const reader = new Reader(source);
  return reader.read() ? reader : undefined;
}
