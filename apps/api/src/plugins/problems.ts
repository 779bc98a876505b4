import { STATUS_CODES } from 'node:http';
import type { Problem } from '@rewardsmith/contracts';
import { ProgramTooCostly, SandboxOverloaded, SandboxRequestError } from '@rewardsmith/sandbox';
import { StoreError } from '@rewardsmith/store';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import plugin from 'fastify-plugin';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { ClientGone } from '../client-gone.ts';
import { limits } from '../limits.ts';
import { faultsIn, ProblemError, type ProblemFault } from '../problem-error.ts';

interface Refusal {
  readonly code: string;
  readonly detail: string;
}

/** Fastify's own refusals that callers can mend, by its code. */
const known: Readonly<Record<string, Refusal>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: { code: 'malformed-json', detail: 'The body is not valid JSON.' },
  FST_ERR_CTP_EMPTY_JSON_BODY: { code: 'malformed-json', detail: 'The body is empty, but its type is JSON.' },
  FST_ERR_CTP_BODY_TOO_LARGE: {
    code: 'body-too-large',
    detail: `The body may have ${limits.bodyBytes} bytes at most.`,
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: 'unsupported-media-type',
    detail: 'Send the body as content-type: application/json.',
  },
  FST_ERR_MAX_PARAM_LENGTH: { code: 'path-too-long', detail: 'A part of the path is longer than any identifier.' },
  FST_ERR_BAD_URL: { code: 'bad-url', detail: 'The path is not a valid URL.' },
};

type Answer = Pick<Problem, 'status' | 'code'> & { readonly detail: string; readonly faults?: readonly ProblemFault[] };

const UnknownKeys = z.object({ keys: z.array(z.string()) });

/** Every fault of a request that its schema refused, unknown fields one by one; nothing for another error. */
export function validationFaults(error: unknown): readonly ProblemFault[] | undefined {
  if (!hasZodFastifySchemaValidationErrors(error)) return undefined;
  return error.validation.flatMap(({ instancePath, keyword, message, params }) => {
    const path = instancePath.slice(1).replaceAll('/', '.');
    const unknown = UnknownKeys.safeParse(params);
    if (keyword === 'unrecognized_keys' && unknown.success) {
      return unknown.data.keys.map((key) => ({
        path: path === '' ? key : `${path}.${key}`,
        code: 'unknown-field',
        message: 'There is no such field.',
      }));
    }
    return [{ path, code: keyword.replaceAll('_', '-'), message: message ?? 'is not valid' }];
  });
}

/** The part of the request, as its sender calls it. */
const parts: Readonly<Record<string, string>> = { querystring: 'query', params: 'path' };

function validation(error: FastifyError): Answer | undefined {
  const faults = validationFaults(error);
  if (faults === undefined) return undefined;
  const context = error.validationContext ?? 'body';
  const part = parts[context] ?? context;
  return { status: context === 'body' ? 422 : 400, code: `invalid-${part}`, detail: faultsIn(faults, part), faults };
}

/** Of the connection, from the operating system and from PostgreSQL (class 08, and 57P01 to 57P03). */
const lostConnection = /^(?:ECONN\w+|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|08\w{3}|57P0[123])$/;

function isDatabaseLost({ code, message }: FastifyError): boolean {
  return lostConnection.test(code ?? '') || /^Connection terminated/.test(message);
}

function answerTo(error: FastifyError): Answer {
  const invalid = validation(error);
  if (invalid !== undefined) return invalid;
  if (error instanceof ProblemError) {
    return { status: error.status, code: error.code, detail: error.message, faults: error.faults };
  }
  if (error instanceof SandboxOverloaded) return { status: 503, code: error.code, detail: error.message };
  if (error instanceof SandboxRequestError || error instanceof ProgramTooCostly) {
    return { status: 422, code: error.code, detail: error.message };
  }
  // Read by nobody; the number is the one that servers log for it.
  if (error instanceof ClientGone) return { status: 499, code: error.code, detail: error.message };
  if (error instanceof StoreError) return { status: 503, code: error.code, detail: error.message };
  if (isDatabaseLost(error)) {
    return { status: 503, code: 'database-unreachable', detail: 'The database does not answer; try again later.' };
  }
  const status = error.statusCode ?? 500;
  return status < 500
    ? { status, ...(known[error.code] ?? { code: 'bad-request', detail: error.message }) }
    : { status, code: 'internal-error', detail: 'The service failed; its log has the request id.' };
}

function send(request: FastifyRequest, reply: FastifyReply, { status, code, detail, faults }: Answer): FastifyReply {
  const problem: Problem = {
    type: `urn:rewardsmith:problem:${code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    code,
    detail,
    instance: request.id,
    ...(faults === undefined || faults.length === 0 ? {} : { errors: [...faults] }),
  };
  return reply.code(status).type('application/problem+json').serializer(JSON.stringify).send(problem);
}

/** Answers one error as application/problem+json; the service's own faults are logged. */
export function answerFault(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const answer = answerTo(error);
  if (answer.status >= 500) request.log.error({ err: error }, 'request failed');
  return send(request, reply, answer);
}

/** Answers every fault as application/problem+json (RFC 9457). */
export const problems = plugin(async (app: FastifyInstance) => {
  app.setErrorHandler<FastifyError>(answerFault);
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] ?? request.url;
    const allowed = (['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const).filter(
      (method) => app.findRoute({ method, url: path }) !== null,
    );
    if (allowed.length > 0) {
      reply.header('allow', allowed.join(', '));
      return send(request, reply, { status: 405, code: 'method-not-allowed', detail: `Use ${allowed.join(' or ')}.` });
    }
    return send(request, reply, {
      status: 404,
      code: 'no-such-route',
      detail: `There is no ${request.method} ${path}; /docs lists the calls.`,
    });
  });
});
