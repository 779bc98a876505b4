import type {
  BlockStatement,
  Expression,
  FunctionDeclaration,
  IfStatement,
  Statement,
  SwitchStatement,
  TryStatement,
  VariableDeclaration,
} from 'acorn';
import type { Node } from '../ir/node.ts';
import { binary } from './arithmetic.ts';
import { assign } from './assign.ts';
import { refuseSyntax } from './branch.ts';
import { condition } from './condition.ts';
import { type Flow, onward, returned, without } from './exits.ts';
import { after, fork } from './fork.ts';
import { inRegion, loop } from './loop.ts';
import { annotate, declare } from './pattern.ts';
import { Scope } from './store.ts';
import { look, placeOf, refuse, report, spend, type Trace, warn } from './trace.ts';
import { truthNode } from './truth.ts';
import { contents, type Place, poison, snapshot, undefinedValue, type Value } from './values.ts';
import { varsOf } from './vars.ts';

/** Runs the body of a function and gives what it returns: `nothing` where it ends without `return`. */
export function runBody(trace: Trace, body: BlockStatement, scope: Scope, nothing: Value): Value {
  for (const name of varsOf(body)) {
    if (!scope.has(name)) scope.declare(name, { cell: trace.store.create(undefinedValue, name), kind: 'let' });
  }
  const flow = runList(trace, body.body, scope);
  return returned(trace, flow.exits, nothing);
}

/** Runs statements in order. What follows a conditional exit runs for the rows that have not left. */
export function runList(trace: Trace, statements: readonly Statement[], scope: Scope): Flow {
  hoist(trace, statements, () => statements, scope);
  return runFrom(trace, statements, 0, scope);
}

function runFrom(trace: Trace, statements: readonly Statement[], start: number, scope: Scope): Flow {
  for (let index = start; index < statements.length; index++) {
    const statement = statements[index];
    if (statement === undefined) break;
    const flow = run(trace, statement, scope);
    if (!flow.open) return flow;
    if (flow.exits.length > 0) return after(trace, flow, () => runFrom(trace, statements, index + 1, scope));
  }
  return onward;
}

/** The functions that are declared in a block: it may have thousands of statements, and be left at the first again and again. */
const hoisted = new WeakMap<object, readonly FunctionDeclaration[]>();

/** Function declarations can be called above the line they stand on. */
function hoist(trace: Trace, block: object, statements: () => readonly Statement[], scope: Scope): void {
  const found = hoisted.get(block) ?? statements().filter((each) => each.type === 'FunctionDeclaration');
  hoisted.set(block, found);
  for (const syntax of found) {
    const { name } = syntax.id;
    const value: Value = { kind: 'function', syntax, scope, name };
    scope.declare(name, { cell: trace.store.create(value), kind: 'const' });
  }
}

export function run(trace: Trace, statement: Statement, scope: Scope, label: string | null = null): Flow {
  const place = placeOf(statement);
  spend(trace, place);
  trace.running = place;
  switch (statement.type) {
    case 'ExpressionStatement':
      trace.evaluate(statement.expression, scope);
      return onward;
    case 'VariableDeclaration':
      declaration(trace, statement, scope);
      return onward;
    case 'FunctionDeclaration':
    case 'EmptyStatement':
      return onward;
    case 'BlockStatement':
      return runList(trace, statement.body, new Scope(scope));
    case 'ReturnStatement': {
      const given = statement.argument ? trace.evaluate(statement.argument, scope) : undefinedValue;
      const live = given.kind === 'undefined' && given.reason === undefined ? nothingAt(given, place) : given;
      const born = trace.calls.at(-1)?.born ?? 0;
      const copy = snapshot(live, (entries) => look(trace, entries));
      if (trace.inputs !== null && trace.calls.length === 1) trace.returns.push({ value: copy, place });
      const absent = trace.absent.get(live);
      if (absent !== undefined && !trace.absent.has(copy)) trace.absent.set(copy, absent);
      return { open: false, exits: [{ kind: 'return', label: null, when: null, value: copy, live, born }] };
    }
    case 'BreakStatement':
    case 'ContinueStatement':
      return {
        open: false,
        exits: [
          {
            kind: statement.type === 'BreakStatement' ? 'break' : 'continue',
            label: statement.label?.name ?? null,
            when: null,
            value: undefinedValue,
            born: trace.regions.at(-1) ?? 0,
          },
        ],
      };
    case 'IfStatement':
      return ifStatement(trace, statement, scope);
    case 'SwitchStatement':
      return switchStatement(trace, statement, new Scope(scope));
    case 'ForStatement':
    case 'ForOfStatement':
    case 'ForInStatement':
    case 'WhileStatement':
    case 'DoWhileStatement':
      return loop(trace, statement, new Scope(scope), label, (body, inner) => run(trace, body, inner));
    case 'LabeledStatement': {
      const { body, label: named } = statement;
      const leave = (): Flow => run(trace, body, scope, named.name);
      if (body.type === 'SwitchStatement' || /^(For|While|DoWhile)/.test(body.type)) return leave();
      return without(trace, inRegion(trace, leave), 'break', named.name, true);
    }
    case 'ThrowStatement':
      refuse(
        trace,
        place,
        'throw',
        'A reward cannot throw: every step gets a number.',
        'Return a component for this case instead.',
      );
      return { open: false, exits: [{ kind: 'return', label: null, when: null, value: poison, born: 0 }] };
    case 'TryStatement':
      return tryStatement(trace, statement, scope);
    case 'ClassDeclaration':
      refuseSyntax(trace, place, 'A class', 'Write plain functions and records.');
      return onward;
    default:
      if (statement.type.startsWith('TS')) return onward;
      refuseSyntax(trace, place, `\`${statement.type}\``, 'Use const, let, if, for and return.');
      return onward;
  }
}

export function declaration(trace: Trace, statement: VariableDeclaration, scope: Scope, kind?: 'module'): void {
  for (const declarator of statement.declarations) {
    const value = declarator.init ? trace.evaluate(declarator.init, scope) : undefinedValue;
    const named =
      value.kind === 'function' && value.name === 'function' && declarator.id.type === 'Identifier'
        ? { ...value, name: declarator.id.name }
        : value;
    if (declarator.id.type === 'Identifier') {
      const comment = trace.comments.around(statement);
      if (named.kind === 'number' && comment.length > 0) trace.labels.set(declarator.id.name, comment);
      annotate(trace, declarator.id.name, named, declarator.id, comment);
    }
    if (statement.kind !== 'var' || kind === 'module') {
      declare(trace, declarator.id, named, scope, kind ?? (statement.kind === 'const' ? 'const' : 'let'));
    } else if (declarator.init) assign(trace, declarator.id, named, scope);
  }
}

/** What `return;` gives: undefined, with the place to tell where a value is needed. */
function nothingAt(value: Value & { kind: 'undefined' }, place: Place): Value {
  const message = 'The function returns nothing here, and a value is needed.';
  return { ...value, reason: { code: 'missing-return', message, advice: 'Return a value on every path.', place } };
}

/** Nothing in the language throws, so that only the block and `finally` run. */
function tryStatement(trace: Trace, statement: TryStatement, scope: Scope): Flow {
  const { finalizer } = statement;
  report(trace, placeOf(statement), {
    code: 'needless-try',
    severity: 'note',
    message: 'Nothing in a reward throws, so `catch` never runs.',
    advice: 'Leave try and catch out.',
  });
  const block = runList(trace, statement.block.body, new Scope(scope));
  if (!finalizer) return block;
  if (finalizer.body.length > 0 && block.exits.length > 0) {
    refuseSyntax(trace, placeOf(finalizer), '`finally` behind a return', 'Write these lines before the return.');
    return block;
  }
  return block.open ? runList(trace, finalizer.body, new Scope(scope)) : block;
}

function ifStatement(trace: Trace, statement: IfStatement, scope: Scope): Flow {
  if (statement.test.type === 'AssignmentExpression' && statement.test.operator === '=') {
    const place = placeOf(statement.test);
    warn(trace, place, 'assignment-in-condition', 'The condition assigns by =.', 'Write === to compare.');
  }
  const test = condition(trace, statement.test, scope);
  if (test === null) return runPoisoned(trace, statement, scope);
  if (typeof test !== 'boolean') remark(trace, statement, test);
  const arm = (body: Statement | null | undefined): Flow => (body ? run(trace, body, scope) : onward);
  if (typeof test === 'boolean') return arm(test ? statement.consequent : statement.alternate);
  return fork(
    trace,
    test,
    () => arm(statement.consequent),
    () => arm(statement.alternate),
  );
}

/** What the program says above a condition or at the head of its first arm. */
function remark(trace: Trace, statement: IfStatement, test: Node): void {
  const { consequent } = statement;
  const first = consequent.type === 'BlockStatement' ? consequent.body[0] : consequent;
  const inside = first === undefined || first.type === 'VariableDeclaration' ? [] : trace.comments.around(first);
  const comment = [...trace.comments.around({ ...statement, end: statement.start }), ...inside];
  if (comment.length > 0 && !trace.testComments.has(test)) trace.testComments.set(test, comment);
}

/** After a refused condition both arms are still read, so that their own faults are told too. */
function runPoisoned(trace: Trace, statement: IfStatement, scope: Scope): Flow {
  const then = run(trace, statement.consequent, scope);
  const otherwise = statement.alternate ? run(trace, statement.alternate, scope) : onward;
  return eitherOf(then, otherwise);
}

/** What two arms lead to where it is not known which one runs. */
function eitherOf(then: Flow, otherwise: Flow): Flow {
  if (then.open || otherwise.open) return onward;
  return { open: false, exits: otherwise.exits.map(({ live: _, ...exit }) => ({ ...exit, value: poison })) };
}

/** A chain of conditions on one value; a case without an end goes on into the next. */
function switchStatement(trace: Trace, statement: SwitchStatement, scope: Scope): Flow {
  const subject = trace.evaluate(statement.discriminant, scope);
  const { cases } = statement;
  const consequents = (): Statement[] => cases.flatMap((entry) => entry.consequent);
  hoist(trace, statement, consequents, scope);
  const runConsequent = (statements: readonly Statement[]): Flow => {
    let flow: Flow = onward;
    for (const inner of statements) {
      const next = (): Flow => run(trace, inner, scope);
      flow = flow.exits.length === 0 ? next() : after(trace, flow, next);
      if (!flow.open) break;
    }
    return flow;
  };
  const runCase = (index: number): Flow => {
    let flow: Flow = onward;
    for (let at = index; at < cases.length && flow.open; at++) {
      look(trace);
      const body = (): Flow => runConsequent(cases[at]?.consequent ?? []);
      flow = flow.exits.length === 0 ? body() : after(trace, flow, body);
    }
    return flow;
  };
  const choose = (index: number): Flow => {
    // There is one default at most.
    const at = cases[index]?.test === null ? index + 1 : index;
    const entry = cases[at];
    if (entry === undefined || !entry.test) {
      const fallback = cases.findIndex(({ test }) => !test);
      return fallback === -1 ? onward : runCase(fallback);
    }
    const same = contents(
      binary(trace, '===', subject, trace.evaluate(entry.test as Expression, scope), placeOf(entry)),
    );
    if (same.kind === 'boolean') return same.value ? runCase(at) : choose(at + 1);
    const test = truthNode(trace, same, placeOf(entry));
    if (test === null) return eitherOf(runCase(at), choose(at + 1));
    return fork(
      trace,
      test,
      () => runCase(at),
      () => choose(at + 1),
    );
  };
  return inRegion(trace, () => without(trace, choose(0), 'break', null));
}
