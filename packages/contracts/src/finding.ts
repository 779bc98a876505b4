import { z } from 'zod';

/**
 * What the language, the critic or the analyzer has to say of a reward program.
 * An error refuses the program; a warning travels with it; a note says what was changed or taken off.
 */
export const Finding = z
  .object({
    /** Stable, kebab-case; listed in docs. */
    code: z.string(),
    severity: z.enum(['error', 'warning', 'note']),
    /** What is wrong, in one sentence that names the thing. */
    message: z.string(),
    /** What to do or to write instead. */
    advice: z.string().default(''),
    /** Place in the source, counted from 1; absent when the finding is of the program as a whole. */
    line: z.int().min(1).optional(),
    column: z.int().min(1).optional(),
    /** The component it is about. */
    component: z.string().optional(),
    /** Where in the labelled trajectories it shows. */
    evidence: z
      .array(
        z.object({
          episode: z.int(),
          fromStep: z.int(),
          toStep: z.int(),
          values: z.record(z.string(), z.number()).default({}),
        }),
      )
      .optional(),
  })
  .meta({ id: 'Finding' });
export type Finding = z.infer<typeof Finding>;
