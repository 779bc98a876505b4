import { limits } from '@rewardsmith/contracts';
import { z } from 'zod';

/** The identifier of a row. One that no row can have is as unknown as any other, as long as the database can read it. */
export const rowId = z
  .string()
  .max(64)
  .regex(/^[\w-]+$/, 'must hold letters, digits, - and _ only');

/** A page of a list; `after` is what the page before named as `next`. */
export const pageQuery = (cursor: z.ZodType<string, string>) =>
  z.strictObject({
    limit: z.coerce.number().int().min(1).max(limits.listPage).default(50),
    after: cursor.optional(),
  });

/** Lists of candidates go on after `generation.index`. */
export const candidateCursor = z.string().regex(/^\d{1,6}\.\d{1,6}$/, 'must be the "next" of the page before');
