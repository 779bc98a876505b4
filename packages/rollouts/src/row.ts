import {
  actionSize,
  type ColumnReference,
  type Environment,
  type ObservationField,
  type RecordedStep,
} from '@rewardsmith/contracts';
import { z } from 'zod';
import type { Rollout } from './rollout.ts';

/** One step as JSON carries it; `episode`, where given, names the episode that the step belongs to. */
export type StepRow = RecordedStep & { readonly episode?: string | number | undefined };

type FieldValue = StepRow['obs'][string];

/** What JSON has no number for, as labels are printed and parity files are written. */
const namedNumbers: ReadonlyMap<unknown, number> = new Map(
  ['NaN', 'Infinity', '-Infinity', '-0'].map((name) => [name, Number(name)]),
);

const told = (value: unknown): string => {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
};

/** One value, or a message that says what was expected and what was given. */
function read<V>(expected: string, parse: (value: unknown) => V | undefined): z.ZodType<V> {
  return z.unknown().transform((value, context): V => {
    const found = parse(value);
    if (found !== undefined) return found;
    context.addIssue({ code: 'custom', message: `must be ${expected}, and is ${told(value)}` });
    return z.NEVER;
  });
}

const toNumber = (value: unknown): number | undefined => (typeof value === 'number' ? value : namedNumbers.get(value));
const toScalar = (value: unknown): number | boolean | undefined =>
  typeof value === 'boolean' ? value : toNumber(value);
const toFlag = (value: unknown): boolean | undefined => (typeof value === 'boolean' ? value : undefined);

/** A list of numbers of one length. A fault names the first entry that is none. */
function vector(length: number): z.ZodType<number[]> {
  const expected = `a list of ${length} numbers`;
  return z.unknown().transform((value, context): number[] => {
    if (!Array.isArray(value) || value.length !== length) {
      const given = Array.isArray(value) ? `a list of ${value.length}` : told(value);
      context.addIssue({ code: 'custom', message: `must be ${expected}, and is ${given}` });
      return z.NEVER;
    }
    const items = value.map(toNumber);
    const wrong = items.indexOf(undefined);
    if (wrong === -1) return items.map(Number);
    context.addIssue({ code: 'custom', path: [wrong], message: `must be a number, and is ${told(value[wrong])}` });
    return z.NEVER;
  });
}

/**
 * The schema of a step of one environment: every declared field with its shape, further fields ignored.
 * A scalar may be a number or a boolean; a continuous action of length n is a list of n numbers. NaN, the infinities and
 * negative zero are given by name.
 */
export function stepSchema(environment: Environment): z.ZodType<StepRow> {
  const scalar = read('a number, true or false', toScalar);
  const value = (field: ObservationField): z.ZodType<FieldValue> =>
    field.shape.length === 0 ? scalar : vector(field.shape[0]);
  const fields = z.object(Object.fromEntries(environment.observation.map((field) => [field.name, value(field)])));
  const { action } = environment;
  return z.object({
    obs: fields,
    action:
      action.kind === 'discrete'
        ? read(`a whole number from 0 to ${action.n - 1}`, (given) =>
            Number.isInteger(given) && Number(given) >= 0 && Number(given) < action.n ? Number(given) : undefined,
          )
        : vector(actionSize(action)),
    next: fields,
    terminated: read('true or false', toFlag),
    truncated: read('true or false', toFlag),
    episode: z.union([z.string(), z.number()]).optional(),
  });
}

/** The number that a row gives for one column. */
export function valueAt(row: StepRow, { role, field, index }: ColumnReference): number {
  const value = role === 'obs' || role === 'next' ? row[role][field] : row[role];
  return Number(Array.isArray(value) ? value[index] : value);
}

/** One step of a rollout as JSON; fields of unit `boolean` become true or false. */
export function rowAt(rollout: Rollout, step: number): RecordedStep {
  const { environment } = rollout;
  const read = (reference: ColumnReference): number => {
    const value = rollout.column(reference)[step];
    if (value === undefined || step >= rollout.steps) throw new RangeError(`rollout has no step ${step}`);
    return value;
  };
  const fields = (role: 'obs' | 'next') =>
    Object.fromEntries(
      environment.observation.map((field): [string, FieldValue] => {
        if (field.shape.length > 0) {
          return [
            field.name,
            Array.from({ length: field.shape[0] ?? 0 }, (_, index) => read({ role, field: field.name, index })),
          ];
        }
        const value = read({ role, field: field.name, index: 0 });
        return [field.name, field.unit === 'boolean' ? value !== 0 : value];
      }),
    );
  const action = (index: number) => read({ role: 'action', field: '', index });
  return {
    obs: fields('obs'),
    action:
      environment.action.kind === 'discrete'
        ? action(0)
        : Array.from({ length: actionSize(environment.action) }, (_, index) => action(index)),
    next: fields('next'),
    terminated: read({ role: 'terminated', field: '', index: 0 }) !== 0,
    truncated: read({ role: 'truncated', field: '', index: 0 }) !== 0,
  };
}
