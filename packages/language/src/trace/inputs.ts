import type { Environment, ObservationField } from '@rewardsmith/contracts';
import { boolean, number } from '../ir/graph.ts';
import type { Trace } from './trace.ts';
import { booleanValue, type Field, numberValue, type Place, type Value } from './values.ts';

const nowhere: Place = { start: 0, line: 1, column: 1 };

export function recordOf(owner: string, entries: Iterable<readonly [string, Value]>): Value & { kind: 'record' } {
  const fields = new Map<string, Field>([...entries].map(([name, value]) => [name, { value, place: nowhere }]));
  return { kind: 'record', fields, owner };
}

function observed(trace: Trace, role: 'obs' | 'next', field: ObservationField): Value {
  const length = field.shape.length === 0 ? null : field.shape[0];
  const type = field.unit === 'boolean' ? boolean(length) : number(length);
  const node = trace.graph.input(role, field.name, type);
  return length === null ? { kind: 'scalar', node } : { kind: 'vector', node };
}

function constant(value: Environment['constants'][string], label: string): Value {
  if (typeof value === 'number') return { kind: 'number', value, label };
  if (typeof value === 'boolean') return booleanValue(value);
  const items = value.map((item): Value => (typeof item === 'number' ? numberValue(item) : constant(item, label)));
  return { kind: 'array', items };
}

/** What the function is called with: the step's fields as nodes, the environment's constants as what they are. */
export function inputRecord(trace: Trace, environment: Environment, params: Value, memory: Value): Value {
  const { graph } = trace;
  const { action } = environment;
  const actionValue: Value =
    action.kind === 'discrete'
      ? { kind: 'scalar', node: graph.input('action', '', number()) }
      : { kind: 'vector', node: graph.input('action', '', number(action.shape[0])) };
  const observation = (role: 'obs' | 'next'): Value =>
    recordOf(
      role,
      environment.observation.map((field): [string, Value] => [field.name, observed(trace, role, field)]),
    );
  return recordOf('the argument of reward', [
    ['obs', observation('obs')],
    ['action', actionValue],
    ['next', observation('next')],
    ['terminated', { kind: 'scalar', node: graph.input('terminated', '', boolean()) }],
    ['truncated', { kind: 'scalar', node: graph.input('truncated', '', boolean()) }],
    [
      'env',
      recordOf(
        'env',
        Object.entries(environment.constants).map(([name, value]): [string, Value] => [name, constant(value, name)]),
      ),
    ],
    ['params', params],
    ['memory', memory],
  ]);
}
