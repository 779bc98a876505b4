import type { Node } from '../ir/node.ts';
import { merge } from './merge.ts';
import type { Trace } from './trace.ts';
import { undefinedValue, type Value } from './values.ts';

/** A way out of a statement other than its end. `when` is null when every row takes it that has not left before. */
export interface Exit {
  readonly kind: 'return' | 'break' | 'continue';
  readonly label: string | null;
  readonly when: Node | null;
  /** What is returned, as it is at the exit. */
  readonly value: Value;
  /** The same before a copy was taken of it: an array or record that the caller may go on changing. */
  readonly live?: Value;
  /** Places at least this young are gone once the exit is taken, so their value then does not matter. */
  readonly born: number;
}

/** What running a statement leads to: exits in the order in which they are tried, and whether its end can be reached. */
export interface Flow {
  readonly exits: readonly Exit[];
  readonly open: boolean;
}

export const onward: Flow = { exits: [], open: true };

/** A condition that holds where one of the exits is taken; null where all rows leave. */
export function taken(trace: Trace, exits: readonly Exit[]): Node | null {
  let any: Node | null = null;
  for (const { when } of exits) {
    if (when === null) return null;
    any = any === null ? when : trace.graph.binary('||', any, when);
  }
  return any;
}

/** The exits of one arm of a condition. */
export function underTest(trace: Trace, test: Node, exits: readonly Exit[]): Exit[] {
  return exits.map((exit) => ({
    ...exit,
    when: exit.when === null ? test : trace.graph.binary('&&', test, exit.when),
  }));
}

/** Two arms that both end in `return` are one `return` of a selected value, as `a ? b : c` would be. */
export function mergedReturns(trace: Trace, test: Node, then: Flow, otherwise: Flow, id: number): Flow | null {
  const sides = [then, otherwise];
  if (sides.some((flow) => flow.open || flow.exits.some((exit) => exit.kind !== 'return'))) return null;
  const value = merge(trace, test, returned(trace, then.exits), returned(trace, otherwise.exits), id);
  const born = then.exits[0]?.born ?? 0;
  return { open: false, exits: [{ kind: 'return', label: null, when: null, value, born }] };
}

/** The value that a list of returns gives; `nothing` where none is taken. */
export function returned(trace: Trace, exits: readonly Exit[], nothing: Value = undefinedValue): Value {
  const [first] = exits;
  const live = first?.live;
  if (live?.kind === 'object') {
    const isOnly = exits.length === 1 && first?.when === null;
    const older = live.cell.born < (first?.born ?? 0);
    const same = exits.every((exit) => exit.live?.kind === 'object' && exit.live.cell === live.cell);
    if (isOnly || (older && same && exits.at(-1)?.when === null)) return live;
  }
  if (exits.length === 1 && first?.when === null && live !== undefined) return live;
  return exits.reduceRight<Value>(
    (rest, exit) =>
      exit.when === null ? changeable(trace, exit) : merge(trace, exit.when, changeable(trace, exit), rest),
    nothing,
  );
}

/** A copy that was taken at a return is the caller's own. */
function changeable(trace: Trace, { value, live }: Exit): Value {
  const own = live?.kind === 'object' && value.kind !== 'object';
  return own ? { kind: 'object', cell: trace.store.create(value) } : value;
}

/**
 * What leaves a loop or switch by `break`, or one turn of a loop by `continue`, goes on behind it; a block is left by its
 * label alone.
 */
export function without(
  trace: Trace,
  flow: Flow,
  kind: 'break' | 'continue',
  label: string | null,
  byLabelAlone = false,
): Flow {
  const exits: Exit[] = [];
  let ended: Node | null = null;
  let open = flow.open;
  for (const exit of flow.exits) {
    if (exit.kind === kind && (exit.label === label || (exit.label === null && !byLabelAlone))) {
      open = true;
      if (exit.when === null) break;
      ended = ended === null ? exit.when : trace.graph.binary('||', ended, exit.when);
    } else if (ended === null) exits.push(exit);
    else {
      const stayed = trace.graph.unary('!', ended);
      exits.push({ ...exit, when: exit.when === null ? stayed : trace.graph.binary('&&', stayed, exit.when) });
    }
  }
  return { exits, open };
}
