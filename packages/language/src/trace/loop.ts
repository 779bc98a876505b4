import type { DoWhileStatement, ForInStatement, ForOfStatement, ForStatement, Statement, WhileStatement } from 'acorn';
import type { Node } from '../ir/node.ts';
import { assign } from './assign.ts';
import { condition } from './condition.ts';
import { type Flow, onward, without } from './exits.ts';
import { fieldsThere } from './fields.ts';
import { after, fork } from './fork.ts';
import { itemsOf } from './items.ts';
import { isMasked, partsOf } from './masked.ts';
import { declare } from './pattern.ts';
import { Scope } from './store.ts';
import { look, placeOf, refuse, type Trace } from './trace.ts';
import { contents, FIELD_ENTRIES, poison, stringValue, undefinedValue, type Value } from './values.ts';

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

/** Ends the tracing of a loop that was refused, but not that of the program. */
class LoopStop extends Error {}

/** Runs a loop turn by turn: how many turns there are must be known when the program is compiled. */
export function loop(trace: Trace, statement: Loop, scope: Scope, label: string | null, run: RunStatement): Flow {
  try {
    const turns =
      statement.type === 'ForOfStatement' || statement.type === 'ForInStatement'
        ? overItems(trace, statement, scope, run)
        : whileTrue(trace, statement, scope, run);
    return without(trace, repeat(trace, turns, statement, label), 'break', label);
  } catch (stop) {
    if (!(stop instanceof LoopStop)) throw stop;
    return refusedLoop(trace, statement, scope, run);
  }
}

/** What a refused loop writes is not known, and neither is what it returns; its faults and what follows are read on. */
function refusedLoop(trace: Trace, statement: Loop, scope: Scope, run: RunStatement): Flow {
  const { result, writes } = trace.store.attempt(() =>
    inRegion(trace, () => {
      const flow = run(statement.body, new Scope(scope));
      if (statement.type === 'ForStatement' && statement.update) trace.evaluate(statement.update, scope);
      return flow;
    }),
  );
  for (const cell of writes.keys()) trace.store.write(cell, poison);
  const exits = result.exits.filter(({ kind }) => kind === 'return');
  return { open: true, exits: exits.map(({ live: _, ...exit }) => ({ ...exit, value: poison })) };
}

/** One time round: the condition under which it happens, and what it does. */
interface Turn {
  readonly test: Node | true;
  readonly body: () => Flow;
}

/** Gives the next turn, or null when there is none. */
type Turns = () => Turn | null;

function repeat(trace: Trace, turns: Turns, statement: Loop, label: string | null, left = 0): Flow {
  if (left > trace.limits.leftTurns) {
    refuse(
      trace,
      placeOf(statement),
      'program-too-large',
      `The loop may be left early in more than ${trace.limits.leftTurns} turns.`,
      'Loop over fewer turns, or work the result out without a loop.',
    );
    throw new LoopStop();
  }
  for (;;) {
    const turn = turns();
    if (turn === null) return onward;
    const once = (): Flow => without(trace, inRegion(trace, turn.body), 'continue', label);
    const rest = (): Flow => repeat(trace, turns, statement, label, left + 1);
    if (turn.test !== true) {
      // What follows runs inside the arm: there the values are those of the rows that still go round.
      const goOn = (flow: Flow): Flow =>
        !flow.open ? flow : flow.exits.length > 0 ? after(trace, flow, rest) : rest();
      return fork(
        trace,
        turn.test,
        () => goOn(once()),
        () => onward,
      );
    }
    const flow = once();
    if (!flow.open) return flow;
    if (flow.exits.length > 0) return after(trace, flow, rest);
  }
}

function overItems(trace: Trace, statement: ForOfStatement | ForInStatement, scope: Scope, run: RunStatement): Turns {
  const value = trace.evaluate(statement.right, scope);
  const always = trace.graph.constant(true);
  const whole = contents(value);
  const parts = isMasked(whole)
    ? partsOf(trace, whole, placeOf(statement.right))
    : statement.type === 'ForInStatement' && whole.kind === 'record'
      ? (fieldsThere(trace, whole.fields, placeOf(statement.right)) ?? []).map(({ name, there }) => ({
          item: stringValue(name),
          there,
        }))
      : (
          (statement.type === 'ForOfStatement'
            ? itemsOf(trace, value, placeOf(statement.right))
            : keysOf(trace, value)) ?? [poison]
        ).map((item) => ({ item, there: always }));
  let index = 0;
  return () => {
    const part = parts[index++];
    if (part === undefined) return null;
    const { item, there } = part;
    const skip = trace.graph.unary('!', there);
    const body = (): Flow => turn(item);
    if (skip.op === 'constant') return { test: true, body };
    return {
      test: true,
      body: () => fork(trace, there, body, () => onward),
    };
  };

  function turn(item: Value): Flow {
    const inner = new Scope(scope);
    const { left } = statement;
    if (left.type === 'VariableDeclaration') {
      const target = left.declarations[0]?.id;
      if (target && left.kind === 'var') assign(trace, target, item, inner);
      else if (target) declare(trace, target, item, inner, 'let');
    } else assign(trace, left, item, inner);
    return run(statement.body, inner);
  }
}

function keysOf(trace: Trace, value: Value): Value[] {
  const now = contents(value);
  const length = now.kind === 'array' ? now.items.length : now.kind === 'vector' ? (now.node.type.length ?? 0) : 0;
  look(trace, length * FIELD_ENTRIES);
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
        if (statement.init.kind === 'var') assign(trace, declarator.id, first, scope);
        else declare(trace, declarator.id, first, scope, 'let');
      }
    } else trace.evaluate(statement.init, scope);
  }
  // Each turn has variables of its own (ECMA-262, 14.7.4.4), which the functions that are made in it keep.
  let own = scope;
  const isEndless = statement.test?.type === 'Literal' || !statement.test;
  let trips = 0;
  let open = 0;
  return () => {
    if (trips > 0 && update) {
      own = own.again(trace.store);
      trace.evaluate(update, own);
    }
    const turn = own;
    const skipTest = statement.type === 'DoWhileStatement' && trips === 0;
    const goes = skipTest || !statement.test ? true : condition(trace, statement.test, turn);
    if (goes === null) throw new LoopStop();
    if (goes === false) return null;
    if (goes !== true && trace.loopEnds.isOver(goes)) return null;
    trips += 1;
    if (goes !== true) open += 1;
    if (open > trace.limits.openTrips) {
      refuse(
        trace,
        place,
        'unbounded-loop',
        'How often the loop runs depends on values of the step, and nothing ends it for certain.',
        statement.type === 'ForStatement'
          ? 'Count from a known number to a bounded end, for (let i = 0; i < Math.min(n, 10); i++), or pass over turns: for (let i = 0; i < 10; i++) { if (i < first || i >= last) continue; … }.'
          : 'Loop over a fixed length and leave it early: for (let i = 0; i < 100; i++) { if (done) break; … }.',
      );
      throw new LoopStop();
    }
    if (trips > trace.limits.loopTrips) {
      refuse(
        trace,
        place,
        'unbounded-loop',
        `The loop is still running after ${trace.limits.loopTrips} turns.`,
        'Loop over a fixed length: for (let i = 0; i < v.length; i++).',
      );
      throw new LoopStop();
    }
    const body = (): Flow => {
      const flow = run(statement.body, new Scope(turn));
      if (isEndless && flow.exits.some(({ kind }) => kind !== 'continue')) open += 1;
      return flow;
    };
    return { test: goes, body };
  };
}
