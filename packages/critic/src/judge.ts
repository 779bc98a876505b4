import type { Finding } from '@rewardsmith/contracts';
import { type Labels, labelColumn, type Rollout } from '@rewardsmith/rollouts';
import { paysForOscillation } from './farming.ts';
import { limits } from './limits.ts';
import { middleHalf, type Spread, spread } from './spread.ts';

/** What is judged beside the labels. */
export interface JudgedProgram {
  readonly components: readonly string[];
  /** Whether its total depends on the step or on its memory. */
  readonly dependsOnStep: boolean;
}

/** Episode and step of a row, counted from 0. */
function place(rollout: Rollout, row: number): { readonly episode: number; readonly step: number } {
  let episode = 0;
  while (episode + 1 < rollout.episodes && (rollout.episodeOffsets[episode + 1] ?? 0) <= row) episode += 1;
  return { episode, step: row - (rollout.episodeOffsets[episode] ?? 0) };
}

function notFinite({ name, notFinite: row }: Spread, rollout: Rollout): readonly Finding[] {
  if (row < 0) return [];
  const { episode, step } = place(rollout, row);
  return [
    {
      code: 'not-finite',
      severity: 'error',
      component: name,
      message: `${name} is not a finite number within the declared bounds of the fields.`,
      advice: 'Guard divisions, logarithms, roots and powers, for example with Math.max(x, 1e-6).',
      evidence: [{ episode, fromStep: step, toStep: step, values: {} }],
    },
  ];
}

function exploded({ name, min, max }: Spread): readonly Finding[] {
  const size = Math.max(Math.abs(min), Math.abs(max));
  return size < limits.exploded
    ? []
    : [
        {
          code: 'exploding-component',
          severity: 'error',
          component: name,
          message: `${name} reaches ${size.toPrecision(3)} within the declared bounds of the fields.`,
          advice: 'Bound it: clamp it, or use tolerance, Math.tanh or Math.exp of a negative distance.',
        },
      ];
}

function flat({ name, min, max }: Spread): readonly Finding[] {
  if (min !== max) return [];
  return min === 0
    ? [
        {
          code: 'dead-component',
          severity: 'warning',
          component: name,
          message: `${name} is 0 on every row of the smoke run.`,
          advice: 'Check its condition and its sign; drop it if it cannot become active.',
        },
      ]
    : [
        {
          code: 'constant-component',
          // A price of time is common and meant; a payment of time is often neither.
          severity: min < 0 ? 'note' : 'warning',
          component: name,
          message: `${name} is ${min} on every row of the smoke run.`,
          advice:
            min < 0
              ? 'It costs the length of an episode alone: failing soon must not be the cheapest way out.'
              : 'It pays the length of an episode alone; keep it only if that is meant.',
        },
      ];
}

/**
 * A component beside which no other can be felt: all that vary span, from their least to their largest value, less than a small
 * share of what it differs by from step to step. A rare bonus is none, however large: it is not there on most steps. Nothing is
 * said of a total that is not the components' sum.
 */
function dominating(spreads: readonly Spread[], labels: Labels, { steps }: Rollout): readonly Finding[] {
  const columns = spreads.map(({ name }) => labelColumn(labels, name));
  const total = labelColumn(labels, 'total');
  const sums = total.subarray(0, steps).every((value, row) => {
    const sum = columns.reduce((all, column) => all + (column[row] ?? 0), 0);
    return Math.abs(sum - value) <= 1e-9 * Math.max(1, Math.abs(value));
  });
  const varying = spreads.filter(({ min, max }) => max > min);
  if (!sums || varying.length < 2) return [];
  return varying.flatMap(({ name }): readonly Finding[] => {
    const usual = middleHalf(labelColumn(labels, name), steps);
    const next = Math.max(...varying.filter((other) => other.name !== name).map(({ min, max }) => max - min));
    if (usual === 0 || next >= limits.drowned * usual) return [];
    return [
      {
        code: 'dominating-component',
        severity: 'warning',
        component: name,
        message: `${name} differs by ${usual.toPrecision(3)} over the middle half of the smoke run's steps; no other component spans more than ${next.toPrecision(3)} over all of them.`,
        advice: 'Scale it down or bound it, or scale the others up, so that they can be felt.',
      },
    ];
  });
}

/**
 * A total that is the same on every smoke row. Only what is 0 whatever the step holds is refused: a number a step still
 * tells long episodes from short ones, and a reward of the outcome alone may pay on rows that the smoke run does not meet.
 */
function constantTotal({ dependsOnStep }: JudgedProgram, { min, max }: Spread): readonly Finding[] {
  if (min !== max) return [];
  const code = 'constant-total';
  if (!dependsOnStep && min === 0) {
    const message = 'The reward is 0 at every step; no policy can be told from another.';
    return [{ code, severity: 'error', message, advice: 'Add a component that changes with the state.' }];
  }
  return [
    {
      code,
      severity: 'warning',
      message: dependsOnStep
        ? `The reward is ${min} on every row of the smoke run; it may pay only where the task is as good as done.`
        : `The reward is ${min} at every step: it tells episodes from each other by their length alone.`,
      advice: 'Add a component that changes on the way to the goal.',
    },
  ];
}

/**
 * Judges a program by its labels over the smoke rollout. Errors refuse it: a value that is not finite or explodes, and
 * a total that is nothing at every step. Warnings travel with the candidate: dead, constant and dominating components.
 */
export function judge(program: JudgedProgram, labels: Labels, rollout: Rollout): readonly Finding[] {
  const spreads = program.components.map((name) => spread(name, labelColumn(labels, name), rollout.steps));
  const total = spread('total', labelColumn(labels, 'total'), rollout.steps);
  const wrong = [...spreads, total].flatMap((entry) => [...notFinite(entry, rollout), ...exploded(entry)]);
  return [
    ...wrong,
    ...constantTotal(program, total),
    // A total of one component that is constant has been told already.
    ...(spreads.length === 1 && total.min === total.max ? [] : spreads.flatMap(flat)),
    ...(wrong.length > 0 ? [] : dominating(spreads, labels, rollout)),
    ...(wrong.length > 0 ? [] : paysForOscillation(labelColumn(labels, 'total'), rollout)),
  ];
}
