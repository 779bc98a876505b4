import { STATUS_CODES } from 'node:http';
import type { Problem } from '@rewardsmith/contracts';
import { SandboxOverloaded, SandboxRequestError } from '@rewardsmith/sandbox';
import { StoreError } from '@rewardsmith/store';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import plugin from 'fastify-plugin';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { ProblemError, type ProblemFault } from '../problem-error.ts';

/** Fastify's own refusals that callers can mend, by its code. */
const known: Readonly<Record<string, string>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: 'malformed-json',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed-json',
  FST_ERR_CTP_BODY_TOO_LARGE: 'body-too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported-media-type',
};

type Answer = Pick<Problem, 'status' | 'code'> & { readonly detail: string; readonly faults?: readonly ProblemFault[] };

function validation(error: unknown): Answer | undefined {
  if (!hasZodFastifySchemaValidationErrors(error)) return undefined;
  const faults = error.validation.map(({ instancePath, keyword, message }) => ({
    path: instancePath.slice(1).replaceAll('/', '.'),
    code: keyword.replaceAll('_', '-'),
    message: message ?? 'is not valid',
  }));
  const where = error.validationContext ?? 'body';
  return {
    status: where === 'body' ? 422 : 400,
    code: `invalid-${where}`,
    detail: `${faults.length} ${faults.length === 1 ? 'fault' : 'faults'} in the ${where}.`,
    faults,
  };
}

function answerTo(error: FastifyError): Answer {
  const invalid = validation(error);
  if (invalid !== undefined) return invalid;
  if (error instanceof ProblemError) {
    return { status: error.status, code: error.code, detail: error.message, faults: error.faults };
  }
  if (error instanceof SandboxOverloaded) return { status: 503, code: error.code, detail: error.message };
  if (error instanceof SandboxRequestError) return { status: 422, code: error.code, detail: error.message };
  if (error instanceof StoreError) return { status: 503, code: error.code, detail: error.message };
  const status = error.statusCode ?? 500;
  return status < 500
    ? { status, code: known[error.code] ?? 'bad-request', detail: error.message }
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

/** Answers every fault as application/problem+json (RFC 9457). */
export const problems = plugin(async (app: FastifyInstance) => {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const answer = answerTo(error);
    if (answer.status >= 500) request.log.error({ err: error }, 'request failed');
    return send(request, reply, answer);
  });
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
