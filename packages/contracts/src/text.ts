import { z } from 'zod';

/** Text that a database and a JSON reader can both keep. */
export const text = (length: number) =>
  z
    .string()
    .min(1)
    .max(length)
    .refine((value) => value.isWellFormed() && !value.includes('\0'), 'must be Unicode text without U+0000');
