import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { Problem } from '@rewardsmith/contracts';
import type { FastifyInstance } from 'fastify';
import plugin from 'fastify-plugin';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';

const problem = {
  description: 'Problem details (RFC 9457)',
  content: { 'application/problem+json': { schema: Problem } },
};

/** Describes a route: what it answers on faults has the media type of problem details, and every route may have one. */
const transform: typeof jsonSchemaTransform = (document) => {
  const { schema } = document;
  const answers = Object.entries(schema?.response ?? {}).map(([status, answer]) =>
    answer === Problem ? [status, problem] : [status, answer],
  );
  const response = { ...Object.fromEntries(answers), default: problem };
  return jsonSchemaTransform({ ...document, schema: { ...schema, response } });
};

/** OpenAPI from the routes' schemas at /openapi.json, and a page to read it at /docs. */
export const openapi = plugin(async (app: FastifyInstance) => {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Rewardsmith',
        description: 'Submit a reinforcement-learning task; get the best reward function that was found for it.',
        version: '0.1.0',
      },
    },
    transform,
    transformObject: jsonSchemaTransformObject,
  });
  await app.register(swaggerUi, { routePrefix: '/docs', theme: { title: 'Rewardsmith' } });
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
});
