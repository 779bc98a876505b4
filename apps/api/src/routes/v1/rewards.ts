import {
  Environment,
  ExportTarget,
  Finding,
  Parity,
  Problem,
  RecordedStep,
  RewardSource,
} from '@rewardsmith/contracts';
import { parityOf } from '@rewardsmith/engine/parity';
import { compile, emitTarget, entryOf, type RewardProgram } from '@rewardsmith/language';
import { labelColumn, readJsonl } from '@rewardsmith/rollouts';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { defaultCaller } from '../../caller.ts';
import { ProblemError } from '../../problem-error.ts';
import type { Services } from '../../services.ts';

const program = z.object({ source: RewardSource, environment: Environment });
const number = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])]);

/** JSON has no NaN and no infinity; they are given by name. */
function jsonNumber(value: number): z.infer<typeof number> {
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
}

function compiled({ source, environment }: z.infer<typeof program>): RewardProgram {
  const compilation = compile(source, environment, { entry: entryOf(source) });
  if (compilation.ok) return compilation.program;
  const faults = compilation.findings
    .filter(({ severity }) => severity === 'error')
    .map(({ code, message, advice, line, column }) => ({
      path: `source:${line ?? 1}:${column ?? 1}`,
      code,
      message,
      ...(advice === '' ? {} : { advice }),
    }));
  throw new ProblemError(422, 'reward-refused', 'The reward program is refused.', faults);
}

/** The critic's language check, the sandbox and the emitters on their own. */
export function rewardRoutes({ sandbox }: Services) {
  return async (plain: FastifyInstance): Promise<void> => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    const tags = ['rewards'];

    app.post(
      '/rewards/check',
      {
        schema: {
          tags,
          summary: 'Check a reward program',
          body: program,
          response: {
            200: z.object({
              ok: z.boolean(),
              findings: z.array(Finding),
              components: z.array(z.string()),
              params: z.record(z.string(), z.number()),
            }),
            422: Problem,
          },
        },
      },
      async ({ body }) => {
        const entry = entryOf(body.source);
        const compilation = compile(body.source, body.environment, { entry });
        return {
          ok: compilation.ok,
          findings: [...compilation.findings],
          components: compilation.ok ? [...compilation.program.components] : [],
          params: compilation.ok ? Object.fromEntries(compilation.program.params) : {},
        };
      },
    );

    app.post(
      '/rewards/label',
      {
        schema: {
          tags,
          summary: 'Label recorded steps with a reward',
          description: 'Runs the program in the sandbox over rows in the order given.',
          body: program.extend({ rows: z.array(RecordedStep).min(1) }),
          response: { 200: z.object({ labels: z.record(z.string(), z.array(number)) }), 422: Problem },
        },
      },
      async ({ body }) => {
        const { source, environment, entry } = compiled(body);
        const reading = readJsonl(environment, body.rows.map((row) => JSON.stringify(row)).join('\n'));
        if (!reading.ok) {
          const faults = reading.faults.map(({ line, path, code, message }) => ({
            path: `rows.${line - 1}.${path}`,
            code,
            message,
          }));
          throw new ProblemError(422, 'invalid-rows', `${reading.faultCount} faults in the rows.`, faults);
        }
        const { rollout } = reading;
        const outcome = await sandbox.label({ tenant: defaultCaller.tenant, source, environment, entry, rollout });
        if (outcome.kind !== 'ok') {
          const message = outcome.kind === 'rejected' ? 'The program is refused.' : outcome.message;
          throw new ProblemError(outcome.kind === 'infrastructure' ? 503 : 422, `label-${outcome.kind}`, message);
        }
        const labels = outcome.value;
        const column = (name: string) => Array.from(labelColumn(labels, name).subarray(0, rollout.steps), jsonNumber);
        return { labels: Object.fromEntries(labels.names.map((name) => [name, column(name)])) };
      },
    );

    app.post(
      '/rewards/export',
      {
        schema: {
          tags,
          summary: 'Write a reward program in the form a trainer runs',
          body: program.extend({ target: ExportTarget }),
          response: { 200: z.object({ target: ExportTarget, code: z.string(), parity: Parity }), 422: Problem },
        },
      },
      async ({ body }) => {
        const program = compiled(body);
        const parity = await parityOf(sandbox, defaultCaller.tenant, program);
        return { target: body.target, code: emitTarget(program, body.target), parity };
      },
    );
  };
}
