import type { Environment, Finding } from '@rewardsmith/contracts';
import type { Node } from '../ir/node.ts';
import { reachable } from '../ir/reachable.ts';
import type { CompileLimits } from '../limits.ts';
import type { Place } from '../trace/values.ts';
import { alwaysDecided } from './decided.ts';
import { floatEqualities } from './float-equality.ts';
import { Guards } from './guards.ts';
import { memoryRanges, type Update } from './memory-ranges.ts';
import { numericFaults } from './numeric-faults.ts';
import { Ranges } from './ranges.ts';
import { Sources } from './sources.ts';
import { staleObservations } from './stale.ts';
import { unitFaults } from './units.ts';
import { unusedNumbers } from './unused-numbers.ts';

/** What the checks over a finished graph look at. */
export interface Subject {
  readonly environment: Environment;
  readonly params: ReadonlyMap<string, number>;
  readonly components: readonly { readonly name: string; readonly node: Node; readonly place: Place }[];
  readonly total: Node;
  readonly roots: readonly Node[];
  /** All nodes that count, operands before users. */
  readonly nodes: readonly Node[];
  readonly ranges: Ranges;
  readonly sources: Sources;
  readonly guards: Guards;
  /** Where each value is computed; and, for what a helper computes, where the entry calls it. */
  readonly places: ReadonlyMap<Node, Place>;
  readonly callPlaces: ReadonlyMap<Node, Place>;
  /** Where each value is computed, or else where what uses it is: `includes` compares by itself. */
  readonly around: ReadonlyMap<Node, Place>;
  /** Where each param is declared. */
  readonly paramPlaces: ReadonlyMap<string, Place>;
}

/** What the bounds and units of the environment say of a program that is sound as code: warnings, each with its place. */
export function examine(
  given: Pick<Subject, 'environment' | 'params' | 'components' | 'total' | 'places' | 'callPlaces' | 'paramPlaces'> & {
    /** What memory holds at first, and after a step. */
    readonly memory: ReadonlyMap<string, number>;
    readonly memoryAfter: readonly Update[];
    readonly limits: Pick<CompileLimits, 'guardSteps'>;
  },
): readonly Finding[] {
  const roots = [
    ...given.components.map(({ node }) => node),
    given.total,
    ...given.memoryAfter.map(({ node }) => node),
  ];
  const { environment, params } = given;
  const memory = memoryRanges(environment, params, given.memory, given.memoryAfter);
  const nodes = reachable(roots);
  const sources = new Sources(nodes);
  const around = new Map(given.places);
  for (const node of nodes.toReversed()) {
    const place = around.get(node);
    if (place !== undefined) for (const arg of node.args) if (!around.has(arg)) around.set(arg, place);
  }
  const subject: Subject = {
    ...given,
    roots,
    nodes,
    around,
    ranges: new Ranges(environment, params, memory),
    sources,
    guards: new Guards(roots, sources, given.limits.guardSteps),
  };
  const all = [
    ...numericFaults(subject),
    ...alwaysDecided(subject),
    ...floatEqualities(subject),
    ...unitFaults(subject),
    ...unusedNumbers(subject),
    ...staleObservations(subject),
  ];
  const told = new Set<string>();
  return all.filter(({ code, line, column, message }) => {
    const key = line === undefined || code === 'unused-param' ? message : `${code} ${line}:${column}`;
    const isNew = !told.has(key);
    told.add(key);
    return isNew;
  });
}
