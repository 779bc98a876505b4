import { shortened } from '@rewardsmith/contracts';
import { type RoleTrial, tryRoles } from '@rewardsmith/engine';
import { builtinEnvironments } from '@rewardsmith/environments';
import { NoModelChosen, outcomeName, readModelSettings } from '@rewardsmith/llm';
import pc from 'picocolors';
import { demoDefaults } from '../defaults.ts';
import { Fault } from '../fault.ts';
import { limits } from '../limits.ts';
import { printable } from '../printable.ts';

const parameters = {
  maxCompletionTokens: 'max_completion_tokens',
  temperature: 'temperature',
  effort: 'reasoning_effort',
  systemRole: 'the system role',
} as const;

/** The form that was asked for, and what the endpoint was found not to take. */
function shaped(asked: RoleTrial['result']['asked']): string {
  if (asked === undefined) return '';
  const refused = (['maxCompletionTokens', 'temperature', 'effort', 'systemRole'] as const).flatMap((name) =>
    asked[name] ? [] : [parameters[name]],
  );
  const form = asked.jsonSchema ? 'JSON schema' : 'fenced form';
  return `, ${form}${refused.length === 0 ? '' : `, without ${refused.join(', ')}`}`;
}

function told({ role, model, share, result }: RoleTrial): string {
  const { outcome, tries, asked } = result;
  const usage = tries.at(-1)?.usage;
  const tokens =
    usage == null
      ? 'no usage reported'
      : `${usage.promptTokens} prompt tokens (${usage.cachedTokens} cached), ${usage.completionTokens} answer tokens`;
  const seconds = (tries.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / 1000).toFixed(1);
  const mark = outcome.kind === 'answered' ? pc.green('ok     ') : pc.red('failed ');
  const part = share === 1 ? '' : ` (${Math.round(100 * share)}% of calls)`;
  const head = `${mark} ${role.padEnd(9)} ${printable(model)}${part}: ${outcomeName(outcome)}${shaped(asked)}, ${seconds} s, ${tokens}, ${tries.length} ${tries.length === 1 ? 'request' : 'requests'}`;
  const lines = (text: string) => text.split('\n').map((line) => `        ${line}`);
  const shown = (text: string) => lines(printable(shortened(text, limits.answerLength)));
  switch (outcome.kind) {
    case 'answered': {
      const from = printable(outcome.answer.model);
      const other = from === model ? [] : [`        answered by ${from}`];
      return [head, ...other, ...shown(outcome.answer.text)].join('\n');
    }
    case 'bad-answer': {
      const answer = outcome.answer?.text ?? '';
      return [head, ...lines(printable(outcome.message)), ...(answer === '' ? [] : shown(answer))].join('\n');
    }
    case 'unavailable':
      return [head, ...lines(printable(outcome.message))].join('\n');
    case 'cancelled':
      return head;
  }
}

/** Asks every model of every role once and shows what came back. Exit code 1 when any of them gives no answer of its form. */
export async function doctorModel(): Promise<void> {
  const reading = readModelSettings(process.env);
  if (reading.kind === 'none') {
    throw new Fault('No model endpoint is configured. Set OPENAI_BASE_URL or OPENAI_API_KEY, and REWARDSMITH_MODEL.');
  }
  if (reading.kind === 'invalid') throw new Fault(reading.message);
  const environment = builtinEnvironments.get(demoDefaults.task);
  if (environment === undefined) throw new Error(`there is no task ${demoDefaults.task}`);
  process.stdout.write(`endpoint ${reading.settings.baseUrl}\n`);
  let [asked, failed] = [0, 0];
  try {
    for await (const trial of tryRoles({ kind: 'endpoint', settings: reading.settings }, environment)) {
      process.stdout.write(`${told(trial)}\n`);
      asked += 1;
      if (trial.result.outcome.kind !== 'answered') failed += 1;
    }
  } catch (error) {
    if (error instanceof NoModelChosen) throw new Fault(error.message, 1);
    throw error;
  }
  if (failed === 0) return;
  process.stdout.write(`${failed} of ${asked} ${asked === 1 ? 'call' : 'calls'} failed\n`);
  process.exitCode = 1;
}
