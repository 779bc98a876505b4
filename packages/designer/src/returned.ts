import { type Expression, type Node, type Pattern, parse, type Statement, type VariableDeclaration } from 'acorn';
import { simple } from 'acorn-walk';
import { limits } from './limits.ts';

/** Operators that give a number of numbers. */
export const arithmetic: ReadonlySet<string> = new Set(['+', '-', '*', '/', '%', '**']);

/** What a program of one exported function returns. */
export interface Returned {
  readonly value: Expression;
  /**
   * The text of a part of it, with constants of the program's own spelt out, and other names changed as `renamed` says. Nothing where it
   * needs what cannot stand in another program: a function of its own, or a name that is not plainly given; or is too long.
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

const asTheyAre: ReadonlyMap<string, string> = new Map();

/** Reads the function of a program: constants, and one return. */
class Reader implements Returned {
  readonly #source: string;
  readonly #constants = new Map<string, Expression>();
  /** Names of the program's own that have no expression to stand in their place. */
  readonly #opaque = new Set<string>();
  #value: Expression | undefined;
  /** Texts of constants, by how other names are changed: a constant may hold the one before it twice. */
  readonly #texts = new Map<ReadonlyMap<string, string>, Map<string, string | undefined>>();
  /** Characters that may yet be written. */
  #left: number = limits.returnedLength;

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

  textOf(node: Node, renamed: ReadonlyMap<string, string> = asTheyAre): string | undefined {
    let [text, from] = ['', node.start];
    for (const { name, start, end } of namesIn(node)) {
      const constant = this.#constants.get(name);
      const written =
        constant === undefined ? (renamed.get(name) ?? name) : this.#constantText(name, constant, renamed);
      if (written === undefined || this.#opaque.has(name)) return undefined;
      text += `${this.#source.slice(from, start)}${constant === undefined ? written : `(${written})`}`;
      from = end;
      if (text.length > this.#left) return undefined;
    }
    text += this.#source.slice(from, node.end);
    this.#left -= text.length;
    return this.#left < 0 ? undefined : text;
  }

  #constantText(name: string, constant: Expression, renamed: ReadonlyMap<string, string>): string | undefined {
    const texts = this.#texts.getOrInsertComputed(renamed, () => new Map());
    if (texts.has(name)) return texts.get(name);
    // Of one that needs itself there is none.
    texts.set(name, undefined);
    const text = this.textOf(constant, renamed);
    texts.set(name, text);
    return text;
  }

  valueOf(node: Expression): Expression {
    const constant = node.type === 'Identifier' ? this.#constants.get(node.name) : undefined;
    return constant === undefined ? node : this.valueOf(constant);
  }
}

/** What `read` finds in a function of constants and one return; nothing where the program is of another form, or too deep for the stack. */
export function fromReturned<T>(source: string, read: (found: Returned) => T): T | undefined {
  try {
    const reader = new Reader(source);
    return reader.read() ? read(reader) : undefined;
  } catch (error) {
    // What is too deep for the parser it says is no JavaScript.
    if (error instanceof RangeError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
