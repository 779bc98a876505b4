import type { ObservationField } from '@rewardsmith/contracts';
import { capital, isDistance, isFlag, isHazard, related, rounded, width } from './field.ts';
import type { Unplaced } from './term.ts';

/** Priors of a stage whose flag speaks of the distance, and of any other. */
const MATCHED = 2;
const UNMATCHED = 0.15;

/**
 * Terms that pay for the way only in one stage of the task: a distance made smaller while a flag holds, or until it does. What
 * comes first and what next, the names alone do not tell; that a flag and a distance speak of one thing makes it likelier.
 */
export function stagedTerms(fields: readonly ObservationField[]): readonly Unplaced[] {
  const scalars = fields.filter(({ shape }) => shape.length === 0);
  const flags = scalars.filter((field) => isFlag(field) && !isHazard(field));
  const distances = scalars.filter((field) => isDistance(field) && !isHazard(field));
  return flags.flatMap((flag) =>
    distances.flatMap((distance): readonly Unplaced[] => {
      const way = `obs.${distance.name} - next.${distance.name}`;
      const weight = rounded(10 / width(distance));
      const prior = related(flag.name, distance.name) ? MATCHED : UNMATCHED;
      const [stage, label] = [capital(flag.name), capital(distance.name)];
      return [
        {
          name: `while${stage}${label}`,
          form: 'stage',
          expression: `(obs.${flag.name} > 0 && next.${flag.name} > 0 ? ${way} : 0)`,
          weight,
          comment: `Pays for a fall of ${distance.name} while ${flag.name} holds.`,
          prior,
        },
        {
          name: `until${stage}${label}`,
          form: 'stage',
          expression: `(obs.${flag.name} > 0 ? 0 : ${way})`,
          weight,
          comment: `Pays for a fall of ${distance.name} until ${flag.name} holds.`,
          prior,
        },
      ];
    }),
  );
}
