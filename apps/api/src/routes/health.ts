import { Problem } from '@rewardsmith/contracts';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { ProblemError } from '../problem-error.ts';
import type { Services } from '../services.ts';

/** `/healthz`: the process answers. `/readyz`: so do the database, the queue and the sandbox. */
export function healthRoutes({ health }: Services) {
  return async (plain: FastifyInstance): Promise<void> => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    const tags = ['health'];
    app.get(
      '/healthz',
      { schema: { tags, summary: 'The process answers', response: { 200: z.object({ status: z.literal('ok') }) } } },
      async () => ({ status: 'ok' as const }),
    );
    app.get(
      '/readyz',
      {
        schema: {
          tags,
          summary: 'Everything it rests on answers',
          response: {
            200: z.object({ database: z.boolean(), queue: z.boolean(), sandbox: z.boolean() }),
            503: Problem,
          },
        },
      },
      async () => {
        const state = await health();
        const down = Object.entries(state).flatMap(([name, answers]) => (answers ? [] : [name]));
        if (down.length > 0) throw new ProblemError(503, 'not-ready', `Not answering: ${down.join(', ')}.`);
        return state;
      },
    );
  };
}
