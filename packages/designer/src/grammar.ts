import { type Environment, fieldSize, type ObservationField } from '@rewardsmith/contracts';
import { successCondition } from './predicates.ts';
import type { HelperFunction, Term } from './term.ts';

/** Every term that the grammar knows for one task, and the functions they call. */
export interface Grammar {
  readonly terms: readonly Term[];
  readonly helpers: readonly HelperFunction[];
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** A number with three significant digits, as it is written. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

/** The width of a scalar field's bounds; 1 where it is unbounded. */
function width(field: ObservationField): number {
  const { low, high } = field;
  return typeof low === 'number' && typeof high === 'number' && high > low ? high - low : 1;
}

/** Names say which way is good: distances are to be made small, counts of what was done large, hazards avoided. */
const isDistance = (field: ObservationField): boolean => /distance|error|deviation|gap|remaining/i.test(field.name);
const isCount = (field: ObservationField): boolean =>
  /visited|explored|collected|count|reached|opened/i.test(field.name);
const isHazard = (field: ObservationField): boolean =>
  /lava|fall|fell|crash|collision|collid|danger|hazard|stuck|broken|dead|died|damage/i.test(field.name);
const isFlag = (field: ObservationField): boolean => field.unit === 'boolean';
const isRate = (field: ObservationField): boolean => /\/(?:s|step)$/.test(field.unit);
const isAngle = (field: ObservationField): boolean => field.unit === 'rad' || field.unit === 'deg';

type Unplaced = Omit<Term, 'group'>;

/** Terms over one scalar field: its level, its change, its size, in both directions, since the name does not tell. */
function scalarTerms(field: ObservationField): readonly Unplaced[] {
  const { name } = field;
  const [before, after] = [`obs.${name}`, `next.${name}`];
  const unit = rounded(1 / width(field));
  const label = capital(name);
  if (isFlag(field)) {
    return [
      {
        name: `reach${label}`,
        expression: `(${after} ? 1 : 0)`,
        weight: 1,
        comment: `Pays while ${name} holds.`,
        prior: isHazard(field) ? 0.2 : 1,
      },
      {
        name: `avoid${label}`,
        expression: `(${after} ? -1 : 0)`,
        weight: 1,
        comment: `Costs while ${name} holds.`,
        prior: isHazard(field) ? 2 : 0.3,
      },
    ];
  }
  const change: readonly Unplaced[] = [
    {
      name: `raise${label}`,
      expression: `(${after} - ${before})`,
      weight: 10 * unit,
      comment: `Pays for a rise of ${name}.`,
      prior: isDistance(field) ? 0.2 : isCount(field) ? 3 : 1,
    },
    {
      name: `lower${label}`,
      expression: `(${before} - ${after})`,
      weight: 10 * unit,
      comment: `Pays for a fall of ${name}.`,
      prior: isDistance(field) ? 3 : isCount(field) ? 0.2 : 1,
    },
  ];
  const size: readonly Unplaced[] = [
    {
      name: `grow${label}`,
      expression: `(Math.abs(${after}) - Math.abs(${before}))`,
      weight: 10 * unit,
      comment: `Pays for a growing size of ${name}; what was gained is paid back when it shrinks.`,
      prior: isRate(field) ? 2 : 0.5,
    },
    {
      name: `calm${label}`,
      expression: `-Math.abs(${after})`,
      weight: unit,
      comment: `Costs the size of ${name}.`,
      prior: isRate(field) || isAngle(field) ? 1 : 0.5,
    },
  ];
  const level: readonly Unplaced[] = [
    { name: `high${label}`, expression: after, weight: unit, comment: `Pays the level of ${name}.`, prior: 0.4 },
    { name: `low${label}`, expression: `-${after}`, weight: unit, comment: `Costs the level of ${name}.`, prior: 0.4 },
  ];
  const upright: readonly Unplaced[] = isAngle(field)
    ? [
        {
          name: `cosine${label}`,
          expression: field.unit === 'deg' ? `Math.cos((${after} * Math.PI) / 180)` : `Math.cos(${after})`,
          weight: 1,
          comment: `Pays the cosine of ${name}.`,
          prior: 1,
        },
      ]
    : [];
  return [...change, ...size, ...level, ...upright];
}

/** Terms over a vector field: the change of its norm. Vectors of flags are left out, since they are no place. */
function vectorTerms(field: ObservationField): readonly Unplaced[] {
  if (field.unit === 'flag' || field.unit === 'quaternion' || fieldSize(field) < 2) return [];
  const { name } = field;
  const label = capital(name);
  return [
    {
      name: `approach${label}`,
      expression: `(norm(obs.${name}) - norm(next.${name}))`,
      weight: 1,
      comment: `Pays for a shrinking norm of ${name}.`,
      prior: 0.7,
    },
    {
      name: `leave${label}`,
      expression: `(norm(next.${name}) - norm(obs.${name}))`,
      weight: 1,
      comment: `Pays for a growing norm of ${name}.`,
      prior: 0.3,
    },
  ];
}

/** Terms from the success condition: progress towards it, nearness to it, and the outcome itself. */
function goalTerms(
  environment: Environment,
  success: string,
): { terms: readonly Unplaced[]; helpers: readonly HelperFunction[] } {
  const { predicates } = successCondition(success);
  const fields = new Map(environment.observation.map((field) => [field.name, field]));
  const parts = predicates.map((predicate, index) => {
    const name = predicates.length === 1 ? 'margin' : `margin${index + 1}`;
    const label = predicates.length === 1 ? '' : `${index + 1}`;
    const only = predicate.fields.length === 1 ? fields.get(predicate.fields[0] ?? '') : undefined;
    const scale = only === undefined ? 1 : width(only);
    // A margin that is never negative says when the goal is met, but not how far away it is.
    const gradual =
      only === undefined ||
      predicate.threshold === null ||
      typeof only.low !== 'number' ||
      only.low < predicate.threshold;
    const progress: readonly Unplaced[] = [
      {
        name: `progress${label}`,
        expression: `(${name}(next, env) - ${name}(obs, env))`,
        weight: rounded(10 / scale),
        comment: 'Pays for coming nearer to the goal in this step.',
        prior: 4,
      },
    ];
    const distance: readonly Unplaced[] = [
      {
        name: `nearness${label}`,
        expression: `Math.exp(Math.min(${name}(next, env), 0) / ${rounded(scale / 4)})`,
        weight: 1,
        comment: 'Pays up to 1 a step, the more the nearer the goal.',
        prior: 3,
      },
      {
        name: `shortfall${label}`,
        expression: `Math.min(${name}(next, env), 0)`,
        weight: rounded(1 / scale),
        comment: 'Costs what is missing to the goal.',
        prior: 3,
      },
    ];
    const helper = {
      name,
      text: [
        '/** How clearly the goal is met: positive when it is (quantitative robustness). */',
        `function ${name}(state, env) {`,
        `  return ${predicate.margin};`,
        '}',
      ].join('\n'),
    };
    return { terms: gradual ? [...progress, ...distance] : progress, helper, name };
  });
  if (parts.length === 0) return { terms: [], helpers: [] };
  const met = parts.map(({ name }) => `${name}(next, env) > 0`).join(' && ');
  const goal: Unplaced = {
    name: 'goal',
    expression: `(${met} ? 1 : 0)`,
    weight: 10,
    comment: 'Pays when the goal is met.',
    prior: 5,
  };
  return { terms: [goal, ...parts.flatMap(({ terms }) => terms)], helpers: parts.map(({ helper }) => helper) };
}

/** Terms over the action and the end of the episode. */
function costTerms(environment: Environment): readonly Unplaced[] {
  const effort: readonly Unplaced[] =
    environment.action.kind === 'continuous'
      ? [
          {
            name: 'effort',
            expression: '-dot(action, action)',
            weight: 0.01,
            comment: 'Costs the squared action.',
            prior: 1,
          },
        ]
      : [];
  return [
    ...effort,
    { name: 'time', expression: '-1', weight: 0.1, comment: 'Costs every step.', prior: 1 },
    {
      name: 'survival',
      expression: '(terminated ? -1 : 0)',
      weight: 10,
      comment: 'Costs the end of the episode by failure.',
      prior: 1,
    },
    { name: 'alive', expression: '(terminated ? 0 : 1)', weight: 0.1, comment: 'Pays every step survived.', prior: 1 },
  ];
}

/** The grammar of a task: from its typed fields, units and bounds, and from its success condition. */
export function grammarFor(environment: Environment, success: string): Grammar {
  const goal = goalTerms(environment, success);
  const fields = environment.observation.flatMap((field) =>
    field.shape.length === 0 ? scalarTerms(field) : vectorTerms(field),
  );
  const grouped = (group: Term['group'], terms: readonly Unplaced[]) => terms.map((term): Term => ({ ...term, group }));
  return {
    terms: [...grouped('goal', goal.terms), ...grouped('field', fields), ...grouped('cost', costTerms(environment))],
    helpers: goal.helpers,
  };
}
