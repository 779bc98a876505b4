import { entriesOf, type Value } from './values.ts';

/** What remembering and taking back a write costs, in entries that are only looked at. */
const WRITE_LOOKS = 4;

/** One place that can be written: a variable, an array or a record. `born` orders places by age. */
export interface Cell {
  current: Value;
  readonly born: number;
  /** What the program calls a variable. */
  readonly label: string | null;
}

export interface Binding {
  readonly cell: Cell;
  readonly kind: 'const' | 'let' | 'module' | 'input';
}

/** Names in sight, innermost first. */
export class Scope {
  readonly #bindings = new Map<string, Binding>();
  readonly #parent: Scope | null;
  /** How many scopes it stands in. */
  readonly depth: number;

  constructor(parent: Scope | null) {
    this.#parent = parent;
    this.depth = parent === null ? 0 : parent.depth + 1;
  }

  declare(name: string, binding: Binding): void {
    this.#bindings.set(name, binding);
  }

  find(name: string): Binding | null {
    for (let scope: Scope | null = this; scope !== null; scope = scope.#parent) {
      const binding = scope.#bindings.get(name);
      if (binding !== undefined) return binding;
    }
    return null;
  }

  /** A scope beside this one whose variables begin with the values that those of this one have now. */
  again(store: Store): Scope {
    const made = new Scope(this.#parent);
    for (const [name, { cell, kind }] of this.#bindings)
      made.declare(name, { cell: store.create(cell.current, name), kind });
    return made;
  }

  /** Whether the name is declared here, and not further out. */
  has(name: string): boolean {
    return this.#bindings.has(name);
  }

  *names(): Iterable<string> {
    for (let scope: Scope | null = this; scope !== null; scope = scope.#parent) yield* scope.#bindings.keys();
  }
}

/**
 * The places that the program writes. A branch of the program runs in a frame of its own: when it ends, what it wrote
 * is taken back and returned, so that the two branches of a condition can be merged.
 */
export class Store {
  #born = 0;
  readonly #frames: Map<Cell, Value>[] = [];
  readonly #look: (entries: number) => void;

  /** `look` is told the entries of each array or record that is made, and the places whose writes are taken back. */
  constructor(look: (entries: number) => void) {
    this.#look = look;
  }

  /** The age that the next place will have. */
  get now(): number {
    return this.#born;
  }

  create(value: Value, label: string | null = null): Cell {
    this.#look(entriesOf(value));
    return { current: value, born: this.#born++, label };
  }

  write(cell: Cell, value: Value): void {
    const frame = this.#frames.at(-1);
    if (frame !== undefined && !frame.has(cell)) frame.set(cell, cell.current);
    cell.current = value;
  }

  /** Runs `body`, takes its writes back, and returns its result and what each written place would hold. */
  attempt<R>(body: () => R): { result: R; writes: ReadonlyMap<Cell, Value> } {
    const before = new Map<Cell, Value>();
    this.#frames.push(before);
    try {
      const result = body();
      this.#look(before.size * WRITE_LOOKS);
      return { result, writes: new Map([...before.keys()].map((cell) => [cell, cell.current])) };
    } finally {
      this.#frames.pop();
      for (const [cell, value] of before) cell.current = value;
    }
  }
}
