import { builtinEnvironments } from '@rewardsmith/environments';
import { compile } from '@rewardsmith/language';

/** One fault of a submission, at its path. */
export interface SubmissionFault {
  readonly path: string;
  readonly code: string;
  readonly message: string;
  readonly advice?: string;
}

/** What of a submission is looked up or compiled. */
export interface Judged {
  readonly environment: string;
  readonly fitness?: { readonly source: string } | undefined;
}

/** Every fault of a submission that its schema cannot see: unknown names, and a fitness that does not compile. */
export function checkSubmission(submission: Judged): readonly SubmissionFault[] {
  const environment = builtinEnvironments.get(submission.environment);
  if (environment === undefined) {
    return [
      {
        path: 'environment',
        code: 'unknown-environment',
        message: `There is no built-in environment "${submission.environment}".`,
        advice: `Use one of: ${[...builtinEnvironments.keys()].join(', ')}.`,
      },
    ];
  }
  if (submission.fitness === undefined) return [];
  const compilation = compile(submission.fitness.source, environment.definition, { entry: 'success' });
  if (compilation.ok) return [];
  return compilation.findings
    .filter(({ severity }) => severity === 'error')
    .map(({ code, message, advice, line, column }) => ({
      path: `fitness.source:${line ?? 1}:${column ?? 1}`,
      code,
      message,
      ...(advice === '' ? {} : { advice }),
    }));
}
