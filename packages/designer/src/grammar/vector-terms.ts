import { fieldSize, type ObservationField } from '@rewardsmith/contracts';
import { capital, isPlace, rounded } from './field.ts';
import { type Carried, started, type Unplaced } from './term.ts';

/** Axes of a place that an exploration term looks at. */
const MOST_AXES = 3;

/** Pays for ground outside the box that has been crossed so far in the episode. */
function exploreTerm(field: ObservationField): Unplaced {
  const { name } = field;
  const label = capital(name);
  const axes = Array.from({ length: fieldSize(field) }, (_, axis) => {
    const [before, after] = [`obs.${name}[${axis}]`, `next.${name}[${axis}]`];
    const [low, high] = [`low${label}${axis}`, `high${label}${axis}`];
    return {
      below: `(memory.started > 0 ? memory.${low} : ${before})`,
      above: `(memory.started > 0 ? memory.${high} : ${before})`,
      after,
      low,
      high,
    };
  });
  const gained = axes.flatMap(({ below, above, after }) => [
    `Math.max(0, ${below} - ${after})`,
    `Math.max(0, ${after} - ${above})`,
  ]);
  const memory = axes.flatMap(({ below, above, after, low, high }): readonly Carried[] => [
    { name: low, initial: 0, update: `Math.min(${after}, ${below})` },
    { name: high, initial: 0, update: `Math.max(${after}, ${above})` },
  ]);
  return {
    name: `explore${label}`,
    form: 'explore',
    expression: `(${gained.join(' + ')})`,
    weight: 1,
    comment: `Pays for each ${name} outside the box of those before.`,
    prior: 1,
    memory: [started, ...memory],
  };
}

/** The mean width of a vector field's bounds; 1 where it is unbounded. */
function extent(field: ObservationField): number {
  const [lows, highs] = [[field.low].flat(), [field.high].flat()];
  const widths = highs.map((high, index) => Number(high) - Number(lows[index] ?? lows[0]));
  const mean = widths.reduce((sum, each) => sum + each, 0) / widths.length;
  return Number.isFinite(mean) && mean > 0 ? mean : 1;
}

/** Terms over a vector field: the change of its norm, and new ground. Vectors of flags are left out, since they are no place. */
export function vectorTerms(field: ObservationField): readonly Unplaced[] {
  if (field.unit === 'flag' || field.unit === 'quaternion' || fieldSize(field) < 2) return [];
  const { name } = field;
  const label = capital(name);
  const weight = rounded(Math.max(1, 3 / extent(field)));
  return [
    {
      name: `approach${label}`,
      form: 'approach',
      expression: `(norm(obs.${name}) - norm(next.${name}))`,
      weight,
      comment: `Pays for a shrinking norm of ${name}.`,
      prior: 0.7,
    },
    {
      name: `leave${label}`,
      form: 'leave',
      expression: `(norm(next.${name}) - norm(obs.${name}))`,
      weight,
      comment: `Pays for a growing norm of ${name}.`,
      prior: 0.3,
    },
    ...(isPlace(field) && fieldSize(field) <= MOST_AXES ? [exploreTerm(field)] : []),
  ];
}
