import { z } from 'zod';

/** One way to answer a request, well or badly. */
export const Behaviour = z.discriminatedUnion('kind', [
  /** An answer in full; `tokens` overrides the count of what it cost. */
  z.strictObject({
    kind: z.literal('text'),
    text: z.string(),
    finishReason: z.enum(['stop', 'length', 'content_filter']).default('stop'),
    /** The model that the answer says it is from; the one that was asked when absent. */
    model: z.string().optional(),
    /** Waited before the first byte. */
    delayMilliseconds: z.int().min(0).default(0),
  }),
  z.strictObject({ kind: z.literal('refusal'), text: z.string() }),
  z.strictObject({ kind: z.literal('empty-choices') }),
  /** An error status with OpenAI's error body. `retryAfter` is the header as it is sent. */
  z.strictObject({
    kind: z.literal('status'),
    status: z.int().min(400).max(599),
    retryAfter: z.string().optional(),
    code: z.string().optional(),
    param: z.string().optional(),
    message: z.string().default('scripted failure'),
  }),
  /** Nothing at all, until the client gives up. */
  z.strictObject({ kind: z.literal('silence') }),
  /** The first bytes of a good answer, then nothing, until the client gives up. */
  z.strictObject({ kind: z.literal('stall'), text: z.string(), afterBytes: z.int().min(1) }),
  /** The first bytes of a good answer, then the connection is torn down. */
  z.strictObject({ kind: z.literal('reset'), text: z.string(), afterBytes: z.int().min(0) }),
  /** The first bytes of a good answer, ended as if they were all of it. */
  z.strictObject({ kind: z.literal('cut-off-body'), text: z.string(), afterBytes: z.int().min(1) }),
  /** A body of this many bytes. */
  z.strictObject({ kind: z.literal('large'), bytes: z.int().min(1) }),
  /** A body that is no completion, or no error in OpenAI's form. */
  z.strictObject({
    kind: z.literal('other-body'),
    body: z.string(),
    contentType: z.string().default('text/html'),
    status: z.int().min(200).max(599).default(200),
  }),
]);
export type Behaviour = z.infer<typeof Behaviour>;
export type BehaviourInput = z.input<typeof Behaviour>;
