import type { Value } from './values.ts';

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

  constructor(parent: Scope | null) {
    this.#parent = parent;
  }

  declare(name: string, binding: Binding): void {
    this.#bindings.set(name, binding);
  }

  find(name: string): Binding | null {
    return this.#bindings.get(name) ?? this.#parent?.find(name) ?? null;
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

  names(): string[] {
    return [...this.#bindings.keys(), ...(this.#parent?.names() ?? [])];
  }
}

function entriesOf(value: Value): number {
  if (value.kind === 'array' || value.kind === 'masked') return value.items.length;
  return value.kind === 'record' ? value.fields.size : 1;
}

/**
 * The places that the program writes. A branch of the program runs in a frame of its own: when it ends, what it wrote
 * is taken back and returned, so that the two branches of a condition can be merged.
 */
export class Store {
  #born = 0;
  readonly #frames: Map<Cell, Value>[] = [];
  readonly #look: (entries: number) => void;

  /** `look` is told the entries of each array or record that is made. */
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
      return { result, writes: new Map([...before.keys()].map((cell) => [cell, cell.current])) };
    } finally {
      this.#frames.pop();
      for (const [cell, value] of before) cell.current = value;
    }
  }
}
