import type { ObservationField } from '@rewardsmith/contracts';
import { capital, isAngle, isCount, isDistance, isFlag, isHazard, isRate, rounded, width } from './field.ts';
import type { Towards } from './goal-terms.ts';
import { started, type Unplaced } from './term.ts';

function flagTerms(field: ObservationField): readonly Unplaced[] {
  const { name } = field;
  const [before, after] = [`obs.${name}`, `next.${name}`];
  const label = capital(name);
  return [
    {
      name: `reach${label}`,
      form: 'reach',
      expression: `(${after} ? 1 : 0)`,
      weight: 1,
      comment: `Pays while ${name} holds.`,
      prior: isHazard(field) ? 0.2 : 0.7,
    },
    {
      name: `gain${label}`,
      form: 'gain',
      expression: `(${after} > ${before} ? 1 : 0)`,
      weight: 3,
      comment: `Pays in the step in which ${name} becomes true.`,
      prior: isHazard(field) ? 0.1 : 1,
    },
    {
      name: `avoid${label}`,
      form: 'avoid',
      expression: `(${after} ? -1 : 0)`,
      weight: 1,
      comment: `Costs while ${name} holds.`,
      prior: isHazard(field) ? 3 : 0.2,
      usual: isHazard(field),
    },
  ];
}

/** Pays only for a distance smaller than any before in the episode: nothing is won by going away and coming back. */
function recordTerm(field: ObservationField): Unplaced {
  const { name } = field;
  const label = capital(name);
  const least = `(memory.started > 0 ? memory.least${label} : obs.${name})`;
  return {
    name: `record${label}`,
    form: 'record',
    expression: `Math.max(0, ${least} - next.${name})`,
    weight: rounded(10 / width(field)),
    comment: `Pays for each ${name} below the least so far.`,
    prior: 1.5,
    memory: [started, { name: `least${label}`, initial: 0, update: `Math.min(next.${name}, ${least})` }],
  };
}

/**
 * Terms over one scalar field: its level, its change, its size; in both directions where nothing tells which is good, or in the
 * one that leads `towards` the goal.
 */
export function scalarTerms(field: ObservationField, towards?: Towards): readonly Unplaced[] {
  if (isFlag(field)) return flagTerms(field);
  const { name } = field;
  const [before, after] = [`obs.${name}`, `next.${name}`];
  const unit = rounded(1 / width(field));
  const label = capital(name);
  const rise: readonly Unplaced[] = [
    {
      name: `raise${label}`,
      form: 'rise',
      expression: `(${after} - ${before})`,
      weight: rounded(10 * unit),
      comment: `Pays for a rise of ${name}.`,
      prior: isDistance(field) ? 0.2 : isCount(field) ? 3 : 1,
    },
    {
      name: `high${label}`,
      form: 'high',
      expression: after,
      weight: unit,
      comment: `Pays the level of ${name}.`,
      prior: isDistance(field) ? 0.1 : 0.4,
    },
  ];
  const fall: readonly Unplaced[] = [
    {
      name: `lower${label}`,
      form: 'fall',
      expression: `(${before} - ${after})`,
      weight: rounded(10 * unit),
      comment: `Pays for a fall of ${name}.`,
      prior: isDistance(field) ? 3 : isCount(field) ? 0.2 : 1,
    },
    {
      name: `low${label}`,
      form: 'low',
      expression: `-${after}`,
      weight: unit,
      comment: `Costs the level of ${name}.`,
      prior: isDistance(field) ? 1 : 0.4,
    },
  ];
  // Auto MC-Reward bounds a dense part to its sign: the direction counts, the size does not.
  const signed: readonly Unplaced[] = isDistance(field)
    ? [
        {
          name: `nearer${label}`,
          form: 'direction',
          expression: `Math.sign(${before} - ${after})`,
          weight: 0.1,
          comment: `Pays the direction in which ${name} changes, by its sign alone.`,
          prior: 1,
        },
        recordTerm(field),
      ]
    : [];
  // The size of what is never negative is its level.
  const size: readonly Unplaced[] =
    typeof field.low === 'number' && field.low >= 0
      ? []
      : [
          {
            name: `grow${label}`,
            form: 'growth',
            expression: `(Math.abs(${after}) - Math.abs(${before}))`,
            weight: rounded(10 * unit),
            comment: `Pays for a growing size of ${name}; what was gained is paid back when it shrinks.`,
            prior: isRate(field) ? 2 : 0.5,
          },
          {
            name: `calm${label}`,
            form: 'calm',
            expression: `-Math.abs(${after})`,
            weight: unit,
            comment: `Costs the size of ${name}.`,
            prior: isRate(field) || isAngle(field) ? 1 : 0.5,
          },
        ];
  const upright: readonly Unplaced[] = isAngle(field)
    ? [
        {
          name: `cosine${label}`,
          form: 'cosine',
          expression: field.unit === 'deg' ? `Math.cos((${after} * Math.PI) / 180)` : `Math.cos(${after})`,
          weight: 1,
          comment: `Pays the cosine of ${name}.`,
          prior: 1,
        },
      ]
    : [];
  return [
    ...(towards === 'down' ? [] : rise),
    ...(towards === 'up' ? [] : fall),
    ...(towards === 'up' ? [] : signed),
    ...size,
    ...upright,
  ];
}
