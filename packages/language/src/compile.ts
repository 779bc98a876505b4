import type { Environment, Finding } from '@rewardsmith/contracts';
import { examine } from './check/examine.ts';
import { remarks } from './check/remarks.ts';
import { Graph, GraphLimitError } from './ir/graph.ts';
import { normalFormHash } from './ir/normal-form.ts';
import type { RewardProgram } from './ir/program.ts';
import { scalarise } from './ir/scalarise.ts';
import { type CompileLimits, limits } from './limits.ts';
import { withNamedExports } from './parse/exports.ts';
import { nestedTooDeeply } from './parse/nesting.ts';
import { type Parsed, parse, tooDeep } from './parse/parse.ts';
import { javascriptText } from './parse/types.ts';
import { LaneStop } from './trace/branch.ts';
import { evaluate } from './trace/expression.ts';
import { Facts } from './trace/facts.ts';
import { invoke } from './trace/invoke.ts';
import { LoopEnds } from './trace/loop-ends.ts';
import { traceProgram } from './trace/program.ts';
import { Store } from './trace/store.ts';
import { look, refuse, type Trace, TraceStop } from './trace/trace.ts';

/** What asking for one node of the graph costs beside its operands, in nodes that are only looked at. */
const GRAPH_LOOKS = 4;

export interface CompileOptions {
  /** Which function to compile: `reward` (the default), or `success` of a fitness program. */
  readonly entry?: 'reward' | 'success';
  readonly limits?: Partial<CompileLimits>;
}

export type Compilation =
  | { readonly ok: true; readonly program: RewardProgram; readonly findings: readonly Finding[] }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/**
 * Parses, checks and traces a program. Findings come in the order of their severity, then of their place; a program
 * with an error among them is not compiled.
 */
export function compile(source: string, environment: Environment, options: CompileOptions = {}): Compilation {
  try {
    return compiled(source, environment, options);
  } catch (error) {
    // A chain of thousands of calls is parsed in a loop, and read by descent.
    if (error instanceof RangeError) return refused([tooDeep]);
    throw error;
  }
}

function compiled(source: string, environment: Environment, options: CompileOptions): Compilation {
  const bounds: CompileLimits = { ...limits, ...options.limits };
  if (source.length > bounds.sourceLength) return refused([tooLong(source, bounds.sourceLength)]);
  const nested = nestedTooDeeply(source, bounds.nesting);
  if (nested !== null) return refused([nested]);
  const outcome = parse(source);
  if (!outcome.ok) return refused([outcome.finding]);
  const { text, comments } = outcome.parsed;
  const trace: Trace = {
    graph: new Graph(bounds.nodes, (operands) => look(trace, GRAPH_LOOKS + operands)),
    store: new Store((entries) => look(trace, entries)),
    limits: bounds,
    text,
    comments,
    annotations: new Map(),
    cellNames: new WeakMap(),
    entryNames: new Map(),
    testComments: new Map(),
    labels: new Map(),
    places: new Map(),
    callPlaces: new Map(),
    findings: [...outcome.parsed.notes],
    reported: new Map(),
    calls: [],
    regions: [],
    lane: null,
    known: new Facts(() => look(trace)),
    loopEnds: new LoopEnds(bounds.loopTestNodes, (steps) => look(trace, steps)),
    absent: new WeakMap(),
    insideTables: new Map(),
    moduleEnd: 0,
    inputs: null,
    returns: [],
    running: { start: 0, line: 1, column: 1 },
    evaluations: 0,
    merges: 0,
    evaluate: (syntax, scope) => evaluate(trace, syntax, scope),
    invoke: (callee, args, place) => invoke(trace, callee, args, place),
  };
  const entry = options.entry ?? 'reward';
  // A program of few characters may still be too deep for any of the passes.
  const program = guarded(trace, () => compileParsed(trace, outcome.parsed, { source, environment, entry }));
  const findings = ordered(trace.findings);
  return program === null ? { ok: false, findings } : { ok: true, program, findings };
}

function compileParsed(
  trace: Trace,
  { program, text, comments }: Parsed,
  { source, environment, entry }: Pick<RewardProgram, 'source' | 'environment' | 'entry'>,
): RewardProgram | null {
  const javascript = javascriptText(program, text);
  trace.findings.push(...javascript.notes);
  const traced = traceProgram(trace, program, environment, entry);
  if (traced === null || trace.findings.some(({ severity }) => severity === 'error')) return null;
  const graph = {
    components: traced.components.map(({ name, node }) => ({ name, node, comment: [] })),
    total: traced.total,
    ownTotal: traced.ownTotal,
    memory: traced.memoryAfter,
  };
  const result: RewardProgram = Object.freeze({
    source,
    module: withNamedExports(program, javascript.text, entry),
    environment,
    entry,
    params: traced.params,
    memory: traced.memory,
    components: traced.components.map(({ name }) => name),
    hash: normalFormHash({ entry, params: traced.params, memory: traced.memory, graph }),
    graph,
    insideTables: [...new Set(trace.insideTables.values())],
    annotations: trace.annotations,
    entryNames: trace.entryNames,
    testComments: trace.testComments,
    labels: trace.labels,
    heading: comments.heading(),
  });
  // Every target but the vectors' own unrolls them: what has too many entries is refused here, not when it is emitted,
  // and before they are examined.
  scalarise(result, trace.limits.scalarNodes);
  const { places, callPlaces, limits: bounds } = trace;
  const warnings = [
    ...remarks(program, text),
    ...examine({ ...traced, environment, places, callPlaces, limits: bounds }),
  ];
  trace.findings.push(...warnings.slice(0, trace.limits.findings));
  return result;
}

function refused(findings: readonly Finding[]): Compilation {
  return { ok: false, findings };
}

function tooLong(source: string, limit: number): Finding {
  return {
    code: 'program-too-large',
    severity: 'error',
    message: `The program has ${source.length} characters; ${limit} are allowed.`,
    advice: 'Shorten it.',
    line: 1,
    column: 1,
  };
}

/** Ends the compilation where a limit is passed: the finding is already there, or is made here. */
function guarded<R>(trace: Trace, body: () => R): R | null {
  try {
    return body();
  } catch (stop) {
    if (stop instanceof TraceStop) return null;
    const place = trace.running;
    if (stop instanceof GraphLimitError) {
      return tell(trace, () =>
        refuse(
          trace,
          place,
          'program-too-large',
          `The program comes to ${stop.message}.`,
          'Shorten its loops and vectors.',
        ),
      );
    }
    if (stop instanceof RangeError || stop instanceof LaneStop) {
      return tell(trace, () =>
        refuse(
          trace,
          place,
          'program-too-large',
          'The program is nested too deeply.',
          'Flatten its expressions and loops.',
        ),
      );
    }
    throw stop;
  }
}

function tell(_trace: Trace, report: () => unknown): null {
  try {
    report();
  } catch (stop) {
    if (!(stop instanceof TraceStop)) throw stop;
  }
  return null;
}

const rank = { error: 0, warning: 1, note: 2 } as const;

function ordered(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted(
    (a, b) => rank[a.severity] - rank[b.severity] || (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
  );
}
