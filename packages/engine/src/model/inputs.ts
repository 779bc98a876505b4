import type { TaskSubmission } from '@rewardsmith/contracts';
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
  readonly success: string;
  readonly sourceCode: string;
}

export function commonInputs(
  { description, submission }: { readonly description: string; readonly submission: Pick<TaskSubmission, 'model'> },
  environment: Pick<BuiltinEnvironment, 'definition' | 'success'>,
  { reference }: Pick<ModelAccess, 'reference'>,
): CommonInputs {
  const { showSuccess, environmentSource } = submission.model;
  return {
    language: reference,
    environment: environmentTable(environment.definition),
    task: untrusted(description.trim()),
    success: showSuccess ? environment.success.trim() : '',
    sourceCode: environmentSource === undefined ? '' : untrusted(environmentSource.trim()),
  };
}
