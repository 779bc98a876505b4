import type { Finding } from '@rewardsmith/contracts';
import type { Expression, Node as Syntax } from 'acorn';
import type { ErrorCode, NoteCode, WarningCode } from '../codes.ts';
import type { Graph } from '../ir/graph.ts';
import type { Node } from '../ir/node.ts';
import type { CompileLimits } from '../limits.ts';
import type { Comments } from '../parse/comments.ts';
import { suggestion, suggestionCost } from '../suggest.ts';
import type { Facts } from './facts.ts';
import type { LoopEnds } from './loop-ends.ts';
import type { Cell, Scope, Store } from './store.ts';
import { type Place, poison, type Value, type Words } from './values.ts';

/** Ends the trace: the program is past a limit, so nothing after it can be judged. */
export class TraceStop extends Error {}

/** What the exported texts remember of a node: the name the program gave it and what it said of it. */
export interface Annotation {
  readonly name: string;
  /** Whether the program names it by a declaration, so that it deserves a line of its own. */
  readonly declared: boolean;
  readonly comment: readonly string[];
  /** Offset of the name in the source. */
  readonly start: number;
}

/** One run of the tracing front end: the program is evaluated once over symbolic inputs. */
export interface Trace {
  readonly graph: Graph;
  readonly store: Store;
  readonly limits: CompileLimits;
  /** The program's text, as it was parsed. */
  readonly text: string;
  readonly comments: Comments;
  readonly annotations: Map<Node, Annotation>;
  /** What the program calls the arrays and records that it builds. */
  readonly cellNames: WeakMap<Cell, string>;
  /** What a callback calls one entry of a vector. */
  readonly entryNames: Map<Node, string>;
  readonly testComments: Map<Node, readonly string[]>;
  /** What the program says of its named numbers. */
  readonly labels: Map<string, readonly string[]>;
  readonly findings: Finding[];
  /** Where among the findings one stands, by its code and place. */
  readonly reported: Map<string, number>;
  /** Where the expression stands that first gave a node. */
  readonly places: Map<Node, Place>;
  /** For what a helper gives: where the entry calls it. */
  readonly callPlaces: Map<Node, Place>;
  /** Functions being evaluated, innermost last. */
  readonly calls: { readonly syntax: Syntax; readonly born: number; readonly place: Place }[];
  /** Age of the innermost loop or switch being run, innermost last: what it declares is gone after a `break`. */
  readonly regions: number[];
  /** Set while a callback is traced once over a whole vector: places older than this may not be written. */
  lane: { readonly length: number; readonly born: number } | null;
  /** What holds for all rows that reach the code being traced. */
  readonly known: Facts;
  readonly loopEnds: LoopEnds;
  /** Where a value is undefined after all: an entry looked up outside its table, a search that finds nothing. */
  readonly absent: WeakMap<Value, Node>;
  /**
   * What holds unless an entry that is no number is looked up outside its table, where plain JavaScript throws, or NaN is
   * sorted.
   */
  readonly insideTables: Map<Value, Node>;
  /** Places older than this stand at module level, and the function may not write them. */
  moduleEnd: number;
  /** The record that the function is called with. */
  inputs: Value | null;
  /** What the entry returns, and where. */
  readonly returns: { readonly value: Value; readonly place: Place }[];
  /** The statement being run, for a fault that ends the trace inside it. */
  running: Place;
  /** What the trace has cost so far. */
  evaluations: number;
  merges: number;
  evaluate(syntax: Expression, scope: Scope): Value;
  invoke(callee: Value, args: readonly Value[], place: Place): Value;
}

export function placeOf(syntax: Syntax): Place {
  return { start: syntax.start, line: syntax.loc?.start.line ?? 1, column: (syntax.loc?.start.column ?? 0) + 1 };
}

export const said = (words: Words): string => (typeof words === 'string' ? words : words());

interface Fault {
  readonly code: ErrorCode | WarningCode | NoteCode;
  readonly message: string;
  readonly advice: Words;
  readonly severity?: Finding['severity'];
}

/** What finding a fault costs that is known already, in nodes that are only looked at. */
const REPORT_LOOKS = 8;

/** Notes a fault at a place, once, and gives the value that stands for what was refused. */
export function report(trace: Trace, place: Place, fault: Fault): Value {
  const { line, column } = place;
  const { code, message, advice, severity = 'error' } = fault;
  const key = `${code} ${line} ${column}`;
  const known = trace.findings[trace.reported.get(key) ?? -1];
  // What a callback was refused for, that was then traced entry by entry, is not among the findings any more.
  if (known?.code === code && known.line === line && known.column === column) {
    if (code !== 'program-too-large') look(trace, REPORT_LOOKS);
    return poison;
  }
  const finding = { code, severity, message, advice: said(advice), line, column };
  trace.reported.set(key, trace.findings.length);
  trace.findings.push(finding);
  if (severity !== 'error') return poison;
  const errors = trace.findings.filter((each) => each.severity === 'error').length;
  if (errors >= trace.limits.findings) throw new TraceStop();
  return poison;
}

export function refuse(trace: Trace, place: Place, code: ErrorCode, message: string, advice: Words): Value {
  return report(trace, place, { code, message, advice });
}

export function warn(trace: Trace, place: Place, code: WarningCode, message: string, advice: string): void {
  report(trace, place, { code, message, advice, severity: 'warning' });
}

/** What a look at one node costs, in evaluations. */
const LOOK = 1 / 16;

/** Counts one evaluation against the limit, or what else the trace spends at a place. */
export function spend(trace: Trace, place: Place, evaluations = 1): void {
  trace.evaluations += evaluations;
  if (trace.evaluations > trace.limits.evaluations) {
    refuse(
      trace,
      place,
      'program-too-large',
      `Tracing the program takes more than ${trace.limits.evaluations} evaluations.`,
      'Shorten the loops or take work out of them.',
    );
    throw new TraceStop();
  }
}

/** Counts nodes and entries that are looked at: a short program may have very many. */
export function look(trace: Trace, count = 1): void {
  spend(trace, trace.running, count * LOOK);
}

/** Characters of a text that are read in the time of a look. */
const CHARACTERS = 16;

/** Counts the characters of a text that are read. */
export function lookThrough(trace: Trace, { length }: { readonly length: number }): void {
  look(trace, length / CHARACTERS);
}

/** What to say of a name that there is not: the known ones that are near to it. */
export function suggested(trace: Trace, name: string, known: () => Iterable<string>): Words {
  return () => {
    const names = [...known()];
    lookThrough(trace, { length: suggestionCost(name, names) });
    return suggestion(name, names);
  };
}
