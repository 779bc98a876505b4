import { z } from 'zod';
import { limits } from './limits.ts';

/** A name that is also an identifier in every export target. */
export const identifier = z
  .string()
  .max(limits.nameLength)
  .regex(/^[A-Za-z][A-Za-z0-9_]*$/, 'must start with a letter and hold letters, digits and underscores only');

const bound = z.union([z.number(), z.null(), z.array(z.union([z.number(), z.null()]))]);

/**
 * One named observation field. `shape` is `[]` for a scalar and `[n]` for a vector of fixed length.
 * `low` and `high` hold for all entries or are lists, one value an entry; `null` is unbounded.
 * The unit `boolean` marks true or false, `flag` a vector of 0 and 1, `quaternion` the order w, x, y, z.
 */
export const ObservationField = z
  .object({
    name: identifier,
    shape: z.union([z.tuple([]), z.tuple([z.int().min(1).max(limits.vectorLength)])]),
    unit: z.string().max(limits.nameLength).default('1'),
    low: bound.default(null),
    high: bound.default(null),
    description: z.string().max(limits.fieldDescriptionLength).default(''),
  })
  .meta({ id: 'ObservationField' });
export type ObservationField = z.infer<typeof ObservationField>;

/** `n` actions numbered from 0. Reaches a reward as one number. */
export const DiscreteAction = z.object({
  kind: z.literal('discrete'),
  n: z.int().min(2).max(limits.vectorLength),
  low: z.number().optional(),
  high: z.number().optional(),
  names: z.array(z.string().max(limits.nameLength)).optional(),
});

/** A vector of bounded numbers. Reaches a reward as a vector, of length 1 too. */
export const ContinuousAction = z.object({
  kind: z.literal('continuous'),
  shape: z.tuple([z.int().min(1).max(limits.vectorLength)]),
  low: bound.default(-1),
  high: bound.default(1),
  names: z.array(z.string().max(limits.nameLength)).optional(),
  unit: z.string().max(limits.nameLength).optional(),
});

export const Action = z.discriminatedUnion('kind', [DiscreteAction, ContinuousAction]).meta({ id: 'Action' });
export type Action = z.infer<typeof Action>;

const constant = z.union([z.number(), z.boolean(), z.array(z.number()), z.array(z.array(z.number()))]);

/** What a reward may see of an environment: named, typed, shaped fields with units and bounds, and constants. */
export const Environment = z
  .object({
    name: z.string().min(1).max(limits.nameLength),
    description: z.string().max(limits.descriptionLength).default(''),
    observation: z.array(ObservationField).min(1).max(limits.fields),
    action: Action,
    constants: z.record(identifier, constant).default({}),
    maxEpisodeSteps: z.int().min(1).max(limits.episodeSteps),
  })
  .superRefine((environment, context) => {
    const seen = new Set<string>();
    environment.observation.forEach((field, index) => {
      if (seen.has(field.name)) {
        context.addIssue({
          code: 'custom',
          path: ['observation', index, 'name'],
          message: `field "${field.name}" is declared twice`,
        });
      }
      seen.add(field.name);
      const size = field.shape.length === 0 ? 1 : field.shape[0];
      for (const side of ['low', 'high'] as const) {
        const value = field[side];
        if (Array.isArray(value) && value.length !== size) {
          context.addIssue({
            code: 'custom',
            path: ['observation', index, side],
            message: `${side} has ${value.length} entries, the field has ${size}`,
          });
        }
      }
    });
  })
  .meta({ id: 'Environment' });
export type Environment = z.infer<typeof Environment>;

/** The number of columns a field takes: 1 for a scalar, n for a vector. */
export function fieldSize(field: ObservationField): number {
  return field.shape.length === 0 ? 1 : field.shape[0];
}

/** The number of columns the action takes: 1 for a discrete action, its length for a continuous one. */
export function actionSize(action: Action): number {
  return action.kind === 'discrete' ? 1 : action.shape[0];
}

/** The lower or upper bound of one entry of a field or of a continuous action; `null` is unbounded. */
export function boundAt(side: z.infer<typeof bound>, index: number): number | null {
  return Array.isArray(side) ? (side[index] ?? null) : side;
}
