import { namedFindings } from '@rewardsmith/analyzer';
import { ModelRole } from '@rewardsmith/contracts';
import { designPrompt, freeBrief } from '@rewardsmith/designer';
import type { BuiltinEnvironment } from '@rewardsmith/environments';
import type { AnswerForm, CallResult, RenderedPrompt } from '@rewardsmith/llm';
import { type ModelAccess, type ModelSource, openModelAccess } from './access.ts';
import { commonInputs } from './inputs.ts';

/** What one call of a model in a role came to. */
export interface RoleTrial {
  readonly role: ModelRole;
  readonly model: string;
  /** The model's share of the role's calls, by its weight. */
  readonly share: number;
  readonly result: CallResult<unknown>;
}

interface Trial {
  readonly prompt: RenderedPrompt;
  readonly form: AnswerForm<unknown>;
}

/** The smallest real question of each role, about one environment. */
function trialOf(role: ModelRole, environment: BuiltinEnvironment, access: ModelAccess): Trial {
  const submission = {
    repairs: 0,
    review: true,
    summarise: true,
    showSuccess: true,
    bandit: false,
  };
  const common = commonInputs(
    { description: environment.definition.description, submission: { model: submission } },
    environment,
    access,
  );
  const source = environment.sparseReward.trim();
  const { language, environment: table, task, success, fitness } = common;
  switch (role) {
    case 'designer': {
      const request = { operator: 'initial', brief: freeBrief, parents: [], tried: [], start: {} } as const;
      const { purpose, inputs } = designPrompt(request);
      return { prompt: access.prompts.render(purpose, { ...common, ...inputs }), form: access.forms.design };
    }
    case 'critic': {
      const inputs = { source, components: '(not measured here)', warnings: '', stage: '' };
      return {
        prompt: access.prompts.render('critic.review', {
          language,
          environment: table,
          task,
          success,
          fitness,
          ...inputs,
        }),
        form: access.forms.review,
      };
    }
    case 'analyzer': {
      const finding = {
        code: 'never-reached',
        severity: 'warning',
        message: 'The trained policy met the success condition in none of 32 episodes.',
        advice: '',
      } as const;
      const inputs = { facts: '(not measured here)', findings: namedFindings([finding]), trajectories: '(none)' };
      return {
        prompt: access.prompts.render('analyzer.summarise', {
          environment: table,
          task,
          success,
          fitness,
          source,
          ...inputs,
        }),
        form: access.forms.summary,
      };
    }
  }
}

/** Asks every model of every role once, one after the other; nothing is stored and no task is charged. */
export async function* tryRoles(source: ModelSource, environment: BuiltinEnvironment): AsyncGenerator<RoleTrial> {
  const access = await openModelAccess(source, 0);
  const { signal } = new AbortController();
  for (const role of ModelRole.options) {
    const { models, temperature, effort, maxTokens } = access.terms.roles[role];
    const { prompt, form } = trialOf(role, environment, access);
    const whole = models.reduce((sum, { weight }) => sum + weight, 0);
    for (const { model, weight } of models) {
      const request = { model, messages: prompt.messages, temperature, effort, maxTokens };
      yield { role, model, share: weight / whole, result: await access.model.ask(request, form, { signal }) };
    }
  }
}
