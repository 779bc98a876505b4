import { Environment, Fitness } from '@rewardsmith/contracts';
import { builtinEnvironments } from '@rewardsmith/environments';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';

const BuiltinEnvironment = z.object({
  definition: Environment,
  success: z.string(),
  fitness: Fitness,
  solvedAt: z.number(),
  training: z.object({ environmentSteps: z.int(), seeds: z.int() }),
});

/** The built-in environments, as a task may name them. */
export async function environmentRoutes(plain: FastifyInstance): Promise<void> {
  plain.withTypeProvider<ZodTypeProvider>().get(
    '/environments',
    {
      schema: {
        tags: ['environments'],
        summary: 'List the built-in environments',
        response: { 200: z.object({ items: z.array(BuiltinEnvironment) }) },
      },
    },
    async () => ({
      items: [...builtinEnvironments.values()].map(({ definition, success, fitness, solvedAt, training }) => ({
        definition,
        success,
        fitness,
        solvedAt,
        training,
      })),
    }),
  );
}
