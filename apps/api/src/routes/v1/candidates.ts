import { Candidate, Problem } from '@rewardsmith/contracts';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { defaultCaller } from '../../caller.ts';
import { rowId } from '../../parameters.ts';
import { notFound } from '../../problem-error.ts';
import type { Services } from '../../services.ts';

/** One candidate with critique, training runs and findings. */
export function candidateRoutes({ tasks }: Services) {
  return async (plain: FastifyInstance): Promise<void> => {
    plain.withTypeProvider<ZodTypeProvider>().get(
      '/candidates/:id',
      {
        schema: {
          tags: ['tasks'],
          summary: 'Read a candidate',
          params: z.object({ id: rowId }),
          response: { 200: Candidate, 404: Problem },
        },
      },
      async (request) => {
        const candidate = await tasks.candidate(defaultCaller, request.params.id);
        if (candidate === undefined) throw notFound('candidate', request.params.id);
        return candidate;
      },
    );
  };
}
