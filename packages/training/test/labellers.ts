import type { ColumnRole } from '@rewardsmith/contracts';
import type { Rollout } from '@rewardsmith/rollouts';
import type { Labeller } from '../src/index.ts';

/** One step of a rollout: `at('next', 'poleAngle')`, `at('action')`. */
export type Step = (role: ColumnRole, field?: string, index?: number) => number;

/** A labeller written by hand: one function a component, called with a reader of the step. */
export function labeller(components: Readonly<Record<string, (at: Step) => number>>): Labeller {
  return (rollout: Rollout) => {
    const names = Object.keys(components);
    const columns = names.map(() => new Float64Array(rollout.steps));
    const total = new Float64Array(rollout.steps);
    const index = new Map(
      rollout.layout.map((entry, column) => [`${entry.role}.${entry.field}.${entry.index}`, column]),
    );
    let row = 0;
    const at: Step = (role, field = '', entry = 0) => {
      const value = rollout.columns[index.get(`${role}.${field}.${entry}`) ?? -1]?.[row];
      if (value === undefined) throw new RangeError(`no column ${role}.${field}[${entry}]`);
      return value;
    };
    for (row = 0; row < rollout.steps; row += 1) {
      names.forEach((name, component) => {
        const value = components[name]?.(at) ?? 0;
        const column = columns[component];
        if (column !== undefined) column[row] = value;
        total[row] = (total[row] ?? 0) + value;
      });
    }
    return { names: [...names, 'total'], columns: [...columns, total] };
  };
}
