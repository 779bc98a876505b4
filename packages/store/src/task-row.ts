import { TaskSubmission } from '@rewardsmith/contracts';
import type { TaskRow } from './schema.ts';

/**
 * A task's row as this version reads it: settings that an earlier version did not know have their defaults. A submission that this
 * version would refuse stays as it was kept.
 */
export function readTask(row: TaskRow): TaskRow {
  const { success, data } = TaskSubmission.safeParse(row.submission);
  return success ? { ...row, submission: data } : row;
}
