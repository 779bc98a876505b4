import { randomUUID } from 'node:crypto';
import { isRecord } from '@rewardsmith/contracts';
import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { holdsMore } from './holds-more.ts';
import { limits } from './limits.ts';
import { openapi } from './plugins/external/openapi.ts';
import { answerFault, problems } from './plugins/problems.ts';
import { ProblemError } from './problem-error.ts';
import { healthRoutes } from './routes/health.ts';
import { candidateRoutes } from './routes/v1/candidates.ts';
import { environmentRoutes } from './routes/v1/environments.ts';
import { rewardRoutes } from './routes/v1/rewards.ts';
import { taskRoutes } from './routes/v1/tasks.ts';
import type { Services } from './services.ts';

/** The HTTP service over an engine; it listens nowhere yet. */
export async function buildApp(services: Services, logger: FastifyBaseLogger): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: logger,
    bodyLimit: limits.bodyBytes,
    genReqId: () => randomUUID(),
    forceCloseConnections: true,
    // A path that is no URL is refused before any error handler exists.
    frameworkErrors: (error, request, reply) => {
      reply.header('x-request-id', request.id);
      answerFault(error, request, reply);
    },
  });
  // Every body is JSON; a text would only fail its schema with a puzzling message.
  app.removeContentTypeParser('text/plain');
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.addHook('onSend', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  // A schema tells what is wrong with each entry, which takes far longer than to read them.
  app.addHook('preValidation', async ({ body }) => {
    const { rows: _each, ...others } = isRecord(body) ? body : {};
    if (!holdsMore(others, limits.bodyEntries)) return;
    const detail = `The body may hold ${limits.bodyEntries} entries of arrays and objects, recorded rows apart.`;
    throw new ProblemError(413, 'body-too-large', detail);
  });
  await app.register(problems);
  await app.register(openapi);
  await app.register(healthRoutes(services));
  for (const routes of [taskRoutes(services), candidateRoutes(services), rewardRoutes(services), environmentRoutes]) {
    await app.register(routes, { prefix: '/v1' });
  }
  return app;
}
