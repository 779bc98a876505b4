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

/**
 * The schema of a step of one environment: every declared field with its shape, further fields ignored.
 * A scalar may be a number or a boolean; a continuous action of length n is a list of n numbers.
 */
export function stepSchema(environment: Environment): z.ZodType<StepRow> {
  const scalar = z.union([z.number(), z.boolean()]);
  const value = (field: ObservationField): z.ZodType<FieldValue> =>
    field.shape.length === 0 ? scalar : z.array(z.number()).length(field.shape[0]);
  const fields = z.object(Object.fromEntries(environment.observation.map((field) => [field.name, value(field)])));
  const { action } = environment;
  return z.object({
    obs: fields,
    action:
      action.kind === 'discrete'
        ? z
            .int()
            .min(0)
            .max(action.n - 1)
        : z.array(z.number()).length(actionSize(action)),
    next: fields,
    terminated: z.boolean(),
    truncated: z.boolean(),
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
