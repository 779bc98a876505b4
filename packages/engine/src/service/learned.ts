import type { TaskSubmission } from '@rewardsmith/contracts';
import { type Experience, formsOf, learnedForms } from '@rewardsmith/designer';
import { builtinEnvironments } from '@rewardsmith/environments';
import type { CandidateRow, Store, TaskRow } from '@rewardsmith/store';
import { limits } from '../limits.ts';
import { aimOf } from '../moves/training.ts';

/** What one finished task teaches: every candidate that was trained, against the others. */
function experiences(task: TaskRow, rows: readonly CandidateRow[]): readonly Experience[] {
  const environment = builtinEnvironments.get(task.environment);
  if (environment === undefined) return [];
  const aim = aimOf(task.submission, environment);
  const trained = rows.flatMap((row) => (row.fitness === null ? [] : [{ row, fitness: row.fitness.mean }]));
  return trained.map(({ row, fitness }) => ({
    forms: formsOf(row.components, environment.definition, aim),
    gain: midrank(fitness, trained),
  }));
}

/** The share of the candidates that one is better than, those that equal it counting half: where none differs, nothing is learnt. */
function midrank(fitness: number, trained: readonly { readonly fitness: number }[]): number {
  const less = trained.filter((other) => other.fitness < fitness).length;
  const equal = trained.filter((other) => other.fitness === fitness).length;
  return (less + equal / 2) / trained.length;
}

/** The tenant's latest finished tasks. */
async function finishedTasks(store: Store, tenant: string): Promise<readonly TaskRow[]> {
  const finished: TaskRow[] = [];
  let after: string | undefined;
  do {
    const page = await store.listTasks(tenant, {
      limit: limits.learnedTasks,
      ...(after === undefined ? {} : { after }),
    });
    finished.push(...page.items.filter(({ status }) => status === 'completed'));
    after = page.next ?? undefined;
  } while (after !== undefined && finished.length < limits.learnedTasks);
  return finished.slice(0, limits.learnedTasks);
}

/**
 * The submission with the forms that paid in the tenant's latest finished tasks, where it asks for them; as it was where there is
 * none. What was learnt is part of the task from then on: its search can be repeated, and is not changed by tasks that end later.
 */
export async function withLearnedForms(
  store: Store,
  tenant: string,
  submission: TaskSubmission,
): Promise<TaskSubmission> {
  const { search } = submission;
  if (!search.learn || search.forms !== undefined) return submission;
  const finished = await finishedTasks(store, tenant);
  const known = await Promise.all(finished.map(async (task) => experiences(task, await store.taskCandidates(task.id))));
  const all = known.flat();
  return all.length === 0 ? submission : { ...submission, search: { ...search, forms: learnedForms(all) } };
}
