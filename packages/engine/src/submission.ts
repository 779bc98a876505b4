import { type ModelOptions, ModelRole, type ModelTerms } from '@rewardsmith/contracts';
import { builtinEnvironments } from '@rewardsmith/environments';
import type { Compiler } from '@rewardsmith/sandbox';
import { allowedModels } from './model/terms.ts';

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
  readonly search?: { readonly designer: 'grammar' | 'model' } | undefined;
  readonly model?: Pick<ModelOptions, ModelRole> | undefined;
  readonly budget?: { readonly modelMoney?: number | undefined } | undefined;
}

/** Every fault of a submission that its schema cannot see: unknown names, and a fitness that does not compile. */
export async function checkSubmission(
  submission: Judged,
  operator: ModelTerms | undefined,
  compiler: Compiler,
): Promise<readonly SubmissionFault[]> {
  return [...checkModel(submission, operator), ...(await checkPrograms(submission, compiler))];
}

/** A model may be asked only where there is an endpoint, and only for the models that its operator lets tasks use. */
function checkModel(
  { search, model = {}, budget = {} }: Judged,
  operator: ModelTerms | undefined,
): readonly SubmissionFault[] {
  if (search?.designer !== 'model') return [];
  if (operator === undefined) {
    return [
      {
        path: 'search.designer',
        code: 'no-model-endpoint',
        message: 'This service has no model endpoint.',
        advice: 'Start it with OPENAI_BASE_URL or OPENAI_API_KEY and REWARDSMITH_MODEL, or use the designer "grammar".',
      },
    ];
  }
  const allowed = allowedModels(operator);
  const advice = `Use one of: ${[...allowed].join(', ')}.`;
  const unknown = ModelRole.options.flatMap((role) =>
    (model[role]?.models ?? []).flatMap((entry, index) =>
      allowed.has(entry.model)
        ? []
        : [
            {
              path: `model.${role}.models.${index}.model`,
              code: 'model-not-allowed',
              message: `The model "${entry.model}" is not among those that this service lets tasks use.`,
              advice,
            },
          ],
    ),
  );
  const unpriced =
    budget.modelMoney === undefined ? undefined : [...allowed].find((name) => operator.prices[name] === undefined);
  return unpriced === undefined
    ? unknown
    : [
        ...unknown,
        {
          path: 'budget.modelMoney',
          code: 'model-without-price',
          message: `A budget in money needs prices, and the operator gave none for "${unpriced}".`,
          advice: 'Use modelTokens.',
        },
      ];
}

async function checkPrograms(submission: Judged, compiler: Compiler): Promise<readonly SubmissionFault[]> {
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
  const { source } = submission.fitness;
  const compilation = await compiler.compile({ source, environment: environment.definition, entry: 'success' });
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
