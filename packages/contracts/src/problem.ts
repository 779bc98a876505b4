import { z } from 'zod';

/** RFC 9457 problem details, with a stable `code` and every fault listed with its path. */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    instance: z.string().optional(),
    /** Stable, kebab-case. */
    code: z.string(),
    errors: z
      .array(z.object({ path: z.string(), code: z.string(), message: z.string(), advice: z.string().optional() }))
      .optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof Problem>;
