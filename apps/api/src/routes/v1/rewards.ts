import {
  Environment,
  ExportTarget,
  Finding,
  type Outcome,
  Parity,
  Problem,
  RewardSource,
} from '@rewardsmith/contracts';
import { ParityUnlabelled, parityOf } from '@rewardsmith/engine/parity';
import { entryOf } from '@rewardsmith/language';
import { type ComponentStatistics, labelColumn, type Rollout, readJsonl, statisticNames } from '@rewardsmith/rollouts';
import type { CompiledProgram, Compiler, MeasureRequest } from '@rewardsmith/sandbox';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { defaultCaller } from '../../caller.ts';
import { clientGone } from '../../client-gone.ts';
import { limits } from '../../limits.ts';
import { ProblemError } from '../../problem-error.ts';
import { recordedRows } from '../../recorded-rows.ts';
import type { Services } from '../../services.ts';

const program = z.object({ source: RewardSource, environment: Environment });
const recorded = program.extend({ rows: recordedRows });
const number = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])]);

/** One entry an episode. */
const statistics = z.object({
  sum: z.array(number),
  sumOfSquares: z.array(number),
  mean: z.array(number),
  min: z.array(number),
  max: z.array(number),
  nonFinite: z.array(number),
});

/** JSON has no NaN and no infinity; they are given by name. */
function jsonNumber(value: number): z.infer<typeof number> {
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
}

function jsonStatistics({ sum, sumOfSquares, mean, min, max, nonFinite }: ComponentStatistics) {
  const column = (values: Float64Array) => Array.from(values, jsonNumber);
  return {
    sum: column(sum),
    sumOfSquares: column(sumOfSquares),
    mean: column(mean),
    min: column(min),
    max: column(max),
    nonFinite: column(nonFinite),
  };
}

/** Throws what the program is refused for. */
async function compiled(
  { source, environment }: z.infer<typeof program>,
  compiler: Compiler,
): Promise<CompiledProgram> {
  const compilation = await compiler.compile({ source, environment, entry: entryOf(source) });
  if (compilation.ok) return compilation.program;
  throw refusal(compilation.findings);
}

function refusal(findings: readonly Finding[]): ProblemError {
  const faults = findings
    .filter(({ severity }) => severity === 'error')
    .map(({ code, message, advice, line, column }) => ({
      path: `source:${line ?? 1}:${column ?? 1}`,
      code,
      message,
      ...(advice === '' ? {} : { advice }),
    }));
  return new ProblemError(422, 'reward-refused', 'The reward program is refused.', faults);
}

function rolloutOf({ environment, rows }: z.infer<typeof recorded>): Rollout {
  const reading = readJsonl(environment, rows.map((row) => JSON.stringify(row)).join('\n'));
  if (reading.ok) return reading.rollout;
  const faults = reading.faults.map(({ line, path, code, message }) => ({
    path: `rows.${line - 1}.${path}`,
    code,
    message,
  }));
  throw new ProblemError(422, 'invalid-rows', reading.message, faults);
}

/**
 * What the sandbox is asked to do with a body of program and rows. `numbers` is how many the answer has of each of its outputs:
 * the components that are named, or all of them and the total.
 */
function requestOf(
  body: z.infer<typeof recorded>,
  { source, entry, components }: CompiledProgram,
  numbers: (rollout: Rollout) => number,
  named?: readonly string[],
): MeasureRequest {
  const { environment } = body;
  const rollout = rolloutOf(body);
  const outputs = named?.length ?? components.length + 1;
  const all = numbers(rollout) * outputs;
  if (all > limits.answerNumbers) {
    const message = `The answer would have ${all} numbers, ${limits.answerNumbers} are allowed; send fewer rows or episodes.`;
    throw new ProblemError(422, 'answer-too-large', message);
  }
  return { tenant: defaultCaller.tenant, source, environment, entry, rollout };
}

function answered<T>(outcome: Outcome<T>): T {
  if (outcome.kind === 'ok') return outcome.value;
  throw unanswered(outcome);
}

function unanswered(outcome: Exclude<Outcome<unknown>, { kind: 'ok' }>): ProblemError {
  // By a limit of the sandbox's that is below the language's.
  if (outcome.kind === 'rejected') return refusal(outcome.findings);
  return new ProblemError(outcome.kind === 'infrastructure' ? 503 : 422, `label-${outcome.kind}`, outcome.message);
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
      async ({ body: { source, environment } }, reply) => {
        const text = { source, environment, entry: entryOf(source) };
        const compilation = await sandbox.compiler({ ...defaultCaller, signal: clientGone(reply) }).compile(text);
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
          description:
            'Runs the program in the sandbox over rows in the order given, for all components or those named.',
          body: recorded.extend({ components: z.array(z.string()).optional() }),
          response: { 200: z.object({ labels: z.record(z.string(), z.array(number)) }), 422: Problem },
        },
      },
      async ({ body }, reply) => {
        const { components } = body;
        const signal = clientGone(reply);
        const program = await compiled(body, sandbox.compiler({ ...defaultCaller, signal }));
        const request = {
          ...requestOf(body, program, ({ steps }) => steps, components),
          ...(components === undefined ? {} : { components }),
        };
        const labels = answered(await sandbox.label(request, { signal }));
        const column = (name: string) => Array.from(labelColumn(labels, name), jsonNumber);
        return { labels: Object.fromEntries(labels.names.map((name) => [name, column(name)])) };
      },
    );

    app.post(
      '/rewards/measure',
      {
        schema: {
          tags,
          summary: 'Measure a reward over recorded episodes',
          description: 'Labels as /rewards/label does, and answers with the statistics of each episode.',
          body: recorded,
          response: {
            200: z.object({ episodes: z.int(), components: z.record(z.string(), statistics) }),
            422: Problem,
          },
        },
      },
      async ({ body }, reply) => {
        const signal = clientGone(reply);
        const program = await compiled(body, sandbox.compiler({ ...defaultCaller, signal }));
        const request = requestOf(body, program, ({ episodes }) => statisticNames.length * episodes);
        const { names, components } = answered(await sandbox.measure(request, { signal }));
        return {
          episodes: request.rollout.episodes,
          components: Object.fromEntries(components.map((each, index) => [names[index] ?? '', jsonStatistics(each)])),
        };
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
      async ({ body }, reply) => {
        const signal = clientGone(reply);
        const compiler = sandbox.compiler({ ...defaultCaller, signal });
        const { source, entry } = await compiled(body, compiler);
        const text = { source, environment: body.environment, entry };
        const code = await compiler.emit(text, body.target);
        const parity = await parityOf(sandbox, defaultCaller.tenant, text, { signal }).catch((error: unknown) => {
          throw error instanceof ParityUnlabelled ? unanswered(error.outcome) : error;
        });
        return { target: body.target, code, parity };
      },
    );
  };
}
