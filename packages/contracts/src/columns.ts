import { actionSize, type Environment, fieldSize } from './environment.ts';

/** Which part of a step a column holds. */
export type ColumnRole = 'obs' | 'action' | 'next' | 'terminated' | 'truncated';

/** One scalar of a step: entry `index` of `field` in its role. `field` is empty for `action` and the two flags. */
export interface ColumnReference {
  readonly role: ColumnRole;
  readonly field: string;
  readonly index: number;
}

/** `obs.poleAngle`, `next.position[2]`, `action[0]`, `terminated`. */
export function columnName(column: ColumnReference, scalar: boolean): string {
  const base = column.field === '' ? column.role : `${column.role}.${column.field}`;
  return scalar ? base : `${base}[${column.index}]`;
}

/**
 * The columns of a rollout of an environment, in the one order that every room uses:
 * each entry of each observation field before the step, the action, each entry of each field after it, and the flags.
 */
export function columnLayout(environment: Environment): readonly ColumnReference[] {
  const fields = (role: 'obs' | 'next'): ColumnReference[] =>
    environment.observation.flatMap((field) =>
      Array.from({ length: fieldSize(field) }, (_, index) => ({ role, field: field.name, index })),
    );
  const action = Array.from(
    { length: actionSize(environment.action) },
    (_, index): ColumnReference => ({
      role: 'action',
      field: '',
      index,
    }),
  );
  return [
    ...fields('obs'),
    ...action,
    ...fields('next'),
    { role: 'terminated', field: '', index: 0 },
    { role: 'truncated', field: '', index: 0 },
  ];
}
