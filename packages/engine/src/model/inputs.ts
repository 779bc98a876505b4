import type { Fitness, TaskSubmission } from '@rewardsmith/contracts';
import type { BuiltinEnvironment } from '@rewardsmith/environments';
import { environmentTable, untrusted } from '@rewardsmith/llm';
import type { ModelAccess } from './access.ts';

/**
 * What the system parts of all prompts of a task are made from, and nothing else of a task or its environment: neither
 * the environment's own rewards nor any measurement are among it.
 */
export interface CommonInputs {
  readonly language: string;
  readonly environment: string;
  readonly task: string;
  /** The condition of the environment's own task; empty when it is hidden, or the task has a fitness of its own. */
  readonly success: string;
  /** What policies are measured by, in words, with its program where that may be shown. */
  readonly fitness: string;
  readonly sourceCode: string;
}

const aggregates = { sum: 'sum', mean: 'mean', max: 'largest', last: 'last' } as const;

/** A program without the comments before it. */
const bare = (source: string): string => source.replace(/^(?:\s*\/\/.*\n)+/, '').trim();

/** What fitness measures; a program that is hidden is described by what is true of every one, one that stands above by that. */
function fitnessText(fitness: Fitness | undefined, above: string): string {
  if (fitness === undefined) {
    return 'The fitness of a policy is measured over whole episodes, by a program of the task that is not shown; higher is better.';
  }
  const { source, aggregate } = fitness;
  const same = bare(source) === bare(above);
  const head = `The fitness of an episode is the ${aggregates[aggregate]} of what ${same ? 'that' : 'this'} program gives at each of its steps, true counting as 1; a policy's is the mean over episodes, and higher is better`;
  if (same) return `${head}.`;
  return [`${head}:`, '', '```js', untrusted(source.trim()), '```'].join('\n');
}

/** What the environment says of itself; where that is the task, or speaks of another goal than the task's, it is said once. */
function environmentText(task: string, own: string, fitness: Fitness | undefined): string {
  if (task.trim() === own.trim()) return 'What is wanted in it stands under the task.';
  return fitness === undefined
    ? own
    : `${own.trim()} Its own goal is not that of this task, which stands under the task.`;
}

export function commonInputs(
  {
    description,
    submission,
  }: { readonly description: string; readonly submission: Pick<TaskSubmission, 'model' | 'fitness'> },
  environment: Pick<BuiltinEnvironment, 'definition' | 'success' | 'fitness'>,
  { reference }: Pick<ModelAccess, 'reference'>,
): CommonInputs {
  const { showSuccess, environmentSource } = submission.model;
  const { definition } = environment;
  const success = showSuccess && submission.fitness === undefined ? environment.success.trim() : '';
  const told = { ...definition, description: environmentText(description, definition.description, submission.fitness) };
  return {
    language: reference,
    environment: environmentTable(told),
    task: untrusted(description.trim()),
    success,
    fitness: fitnessText(submission.fitness ?? (showSuccess ? environment.fitness : undefined), success),
    sourceCode: environmentSource === undefined ? '' : untrusted(environmentSource.trim()),
  };
}
