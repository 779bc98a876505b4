import type {
  DoWhileStatement,
  Expression,
  ForInStatement,
  ForOfStatement,
  ForStatement,
  Statement,
  WhileStatement,
} from 'acorn';
import { truth } from './arithmetic.ts';
import { unless } from './branch.ts';
import { type Flow, onward, taken, without } from './exits.ts';
import { itemsOf } from './items.ts';
import { assign, declare } from './pattern.ts';
import { Scope } from './store.ts';
import { placeOf, refuse, type Trace, TraceStop } from './trace.ts';
import { contents, type Place, stringValue, undefinedValue, type Value } from './values.ts';

type Loop = ForStatement | ForOfStatement | ForInStatement | WhileStatement | DoWhileStatement;
type RunStatement = (statement: Statement, scope: Scope) => Flow;

/** Remembers how old places are when a loop or switch begins. */
export function inRegion<R>(trace: Trace, body: () => R): R {
  trace.regions.push(trace.store.now);
  try {
    return body();
  } finally {
    trace.regions.pop();
  }
}

/** Runs a loop turn by turn: how many turns there are must be known when the program is compiled. */
export function loop(trace: Trace, statement: Loop, scope: Scope, label: string | null, run: RunStatement): Flow {
  const turns =
    statement.type === 'ForOfStatement' || statement.type === 'ForInStatement'
      ? overItems(trace, statement, scope, run)
      : whileTrue(trace, statement, scope, run);
  return without(trace, repeat(trace, turns, label), 'break', label);
}

/** Gives the flow of the next turn, or null when there is none. */
type Turns = () => Flow | null;

function repeat(trace: Trace, turns: Turns, label: string | null): Flow {
  for (;;) {
    const turn = inRegion(trace, turns);
    if (turn === null) return onward;
    const flow = without(trace, turn, 'continue', label);
    if (!flow.open) return flow;
    if (flow.exits.length > 0) {
      const left = taken(trace, flow.exits);
      if (left === null) return { exits: flow.exits, open: false };
      const born = Math.min(...flow.exits.map((exit) => exit.born));
      const rest = unless(trace, left, born, () => repeat(trace, turns, label));
      return { exits: [...flow.exits, ...rest.exits], open: rest.open };
    }
  }
}

function overItems(trace: Trace, statement: ForOfStatement | ForInStatement, scope: Scope, run: RunStatement): Turns {
  const value = trace.evaluate(statement.right, scope);
  const items =
    (statement.type === 'ForOfStatement' ? itemsOf(trace, value, placeOf(statement.right)) : keysOf(value)) ?? [];
  let index = 0;
  return () => {
    const item = items[index++];
    if (item === undefined) return null;
    const inner = new Scope(scope);
    const { left } = statement;
    if (left.type === 'VariableDeclaration') {
      const target = left.declarations[0]?.id;
      if (target) declare(trace, target, item, inner, 'let');
    } else assign(trace, left, item, inner);
    return run(statement.body, inner);
  };
}

function keysOf(value: Value): Value[] {
  const now = contents(value);
  if (now.kind === 'record') return [...now.fields.keys()].map(stringValue);
  const length = now.kind === 'array' ? now.items.length : now.kind === 'vector' ? (now.node.type.length ?? 0) : 0;
  return Array.from({ length }, (_, index) => stringValue(String(index)));
}

function whileTrue(
  trace: Trace,
  statement: ForStatement | WhileStatement | DoWhileStatement,
  scope: Scope,
  run: RunStatement,
): Turns {
  const place = placeOf(statement);
  const update = statement.type === 'ForStatement' ? statement.update : null;
  if (statement.type === 'ForStatement' && statement.init) {
    if (statement.init.type === 'VariableDeclaration') {
      for (const declarator of statement.init.declarations) {
        const first = declarator.init ? trace.evaluate(declarator.init, scope) : undefinedValue;
        declare(trace, declarator.id, first, scope, 'let');
      }
    } else trace.evaluate(statement.init, scope);
  }
  let trips = 0;
  return () => {
    if (trips > 0 && update) trace.evaluate(update, scope);
    const skipTest = statement.type === 'DoWhileStatement' && trips === 0;
    if (!skipTest && !holds(trace, statement.test ?? null, scope, place)) return null;
    trips += 1;
    if (trips > trace.limits.loopTrips) {
      refuse(
        trace,
        place,
        'unbounded-loop',
        `The loop is still running after ${trace.limits.loopTrips} turns.`,
        'Loop over a fixed length: for (let i = 0; i < v.length; i++).',
      );
      throw new TraceStop();
    }
    return run(statement.body, new Scope(scope));
  };
}

function holds(trace: Trace, test: Expression | null, scope: Scope, place: Place): boolean {
  if (test === null) return true;
  const value = trace.evaluate(test, scope);
  if (value.kind === 'poison') return false;
  const known = truth(trace, value, place);
  if (typeof known === 'boolean') return known;
  if (known !== null) {
    refuse(
      trace,
      place,
      'unbounded-loop',
      'How often the loop runs depends on a value of the step.',
      'Loop over a fixed length and leave it early: for (let i = 0; i < 100; i++) { if (done) break; … }.',
    );
  }
  return false;
}
