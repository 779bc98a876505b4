import type { ObservationField } from '@rewardsmith/contracts';
import { capital, isDistance, isFlag, isHazard, related, rounded, width } from './field.ts';
import type { Unplaced } from './term.ts';

/** Priors of a stage: whose flag says that the thing is in view, whose flag says that it is done with, and of any other. */
const priors = {
  seen: { during: 3, before: 0.3 },
  done: { during: 0.5, before: 3 },
  other: { during: 0.15, before: 0.1 },
};

/** What a flag says of the thing that a distance leads to, by their names. */
function relation(flag: ObservationField, distance: ObservationField): keyof typeof priors {
  if (!related(flag.name, distance.name)) return 'other';
  return /visible|view|seen|known|found/i.test(flag.name) ? 'seen' : 'done';
}

/**
 * Terms that pay for the way only in one stage of the task: a distance made smaller while a flag holds, or until it does. What
 * comes first and what next, the names alone do not tell; a flag and a distance that speak of one thing make it likelier.
 */
export function stagedTerms(fields: readonly ObservationField[]): readonly Unplaced[] {
  const scalars = fields.filter(({ shape }) => shape.length === 0);
  const flags = scalars.filter((field) => isFlag(field) && !isHazard(field));
  const distances = scalars.filter((field) => isDistance(field) && !isHazard(field));
  return flags.flatMap((flag) =>
    distances.flatMap((distance): readonly Unplaced[] => {
      const way = `obs.${distance.name} - next.${distance.name}`;
      const weight = rounded(10 / width(distance));
      const { during, before } = priors[relation(flag, distance)];
      const [stage, label] = [capital(flag.name), capital(distance.name)];
      return [
        {
          name: `while${stage}${label}`,
          form: 'stage',
          expression: `(obs.${flag.name} > 0 && next.${flag.name} > 0 ? ${way} : 0)`,
          weight,
          comment: `Pays for a fall of ${distance.name} while ${flag.name} holds.`,
          prior: during,
        },
        {
          name: `until${stage}${label}`,
          form: 'stage',
          expression: `(obs.${flag.name} > 0 ? 0 : ${way})`,
          weight,
          comment: `Pays for a fall of ${distance.name} until ${flag.name} holds.`,
          prior: before,
        },
      ];
    }),
  );
}
