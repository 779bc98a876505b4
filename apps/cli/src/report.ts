import type { FinalMeasurement, FitnessEstimate, RewardExport, Task } from '@rewardsmith/contracts';
import { builtinEnvironments } from '@rewardsmith/environments';
import { serviceUrl } from './defaults.ts';
import { printable } from './printable.ts';

function estimate(name: string, { mean, standardDeviation, values, successRate }: FitnessEstimate): string {
  const seeds = values.map((value) => value.toPrecision(4)).join('  ');
  return `  ${name.padEnd(14)} ${mean.toPrecision(4).padStart(8)} ± ${standardDeviation.toPrecision(3).padEnd(6)} success ${(100 * successRate).toFixed(0).padStart(3)}%   by seed: ${seeds}`;
}

/** How many trainings reached the fitness at which the environment counts as solved. */
function solved(environment: string, { best, sparse, human }: FinalMeasurement): readonly string[] {
  const threshold = builtinEnvironments.get(environment)?.solvedAt;
  if (threshold === undefined) return [];
  const share = ({ values }: FitnessEstimate) =>
    `${values.filter((value) => value >= threshold).length} of ${values.length}`;
  return [
    `Trainings that solved the task (fitness ${threshold} or more): found ${share(best)}, sparse ${share(sparse)}, human ${share(human)}`,
  ];
}

const signed = (value: number) => `${value < 0 ? '' : '+'}${value.toPrecision(3)}`;

/** What is left of each reward's fitness where masses, lengths, forces and the like are others than in training. */
function variedLine({ best, sparse, human }: FinalMeasurement): readonly string[] {
  const each = [
    ['found', best],
    ['sparse', sparse],
    ['human', human],
  ] as const;
  const parts = each.flatMap(([name, { varied, shift }]) =>
    varied === undefined ? [] : [`${name} ${varied.mean.toPrecision(4)} (${signed(shift ?? 0)})`],
  );
  return parts.length === 0 ? [] : [`The same policies on varied dynamics: ${parts.join(', ')}`];
}

/** A probability as a person reads it: never certain. */
function percent(probability: number): string {
  if (probability > 0.995) return 'over 99%';
  return probability < 0.005 ? 'under 1%' : `${(100 * probability).toFixed(0)}%`;
}

function certainty({ probabilityBest, rivals = [] }: FinalMeasurement): readonly string[] {
  if (probabilityBest === undefined || probabilityBest === null) return [];
  const against = (subject: string) => rivals.find((rival) => rival.subject === subject)?.probability ?? 0;
  const others = rivals.filter(({ subject }) => subject !== 'sparse' && subject !== 'human');
  const parts = [
    `than the human reward ${percent(against('human'))}`,
    `than the sparse one ${percent(against('sparse'))}`,
    ...others.map(
      ({ probability }) => `than ${others.length === 1 ? 'the other' : 'another'} finalist ${percent(probability)}`,
    ),
  ];
  return [
    `Probability that the found reward is the best of all: ${percent(probabilityBest)} (better ${parts.join(', ')})`,
  ];
}

/** What speaks against the winner. */
function warnings({ flags = [] }: FinalMeasurement): readonly string[] {
  return flags.map(
    (flag) => `${flag.severity === 'error' ? 'FLAGGED' : 'Note'}: ${printable(flag.message)} ${printable(flag.advice)}`,
  );
}

function comparison(environment: string, final: FinalMeasurement): readonly string[] {
  const { best, sparse, human, humanScore } = final;
  return [
    `Fitness on held-out seeds (${best.values.length} trainings each, ${best.episodes} episodes a training; mean ± standard deviation):`,
    estimate('found reward', best),
    estimate('sparse reward', sparse),
    estimate('human reward', human),
    ...solved(environment, final),
    ...variedLine(final),
    humanScore === null
      ? 'Human normalised score: undefined, the human and the sparse reward are equally good here.'
      : `Human normalised score: ${humanScore.toFixed(2)}  (0 is the sparse reward, 1 is the human one)`,
    ...certainty(final),
    ...warnings(final),
  ];
}

/** Shell lines that do the task's work by hand; Node reads the answers, as every machine that runs this has it. */
function byHand({ submission }: Task): readonly string[] {
  const { environment, evaluator, search } = submission;
  const body = JSON.stringify({ environment, evaluator, search });
  return [
    `  field() { node -p "JSON.parse(require('fs').readFileSync(0)).$1"; }`,
    `  task=$(curl -s ${serviceUrl}/v1/tasks -H 'content-type: application/json' -d '${body}' | field id)`,
    `  curl -sN ${serviceUrl}/v1/tasks/$task/events`,
    `  curl -s ${serviceUrl}/v1/tasks/$task`,
    `  curl -s "${serviceUrl}/v1/tasks/$task/reward?target=python" | field code > reward.py`,
  ];
}

/** Where the steps, the seconds and the model calls went. */
function stages({ spending }: Task): readonly string[] {
  return spending.stages.map(({ stage, steps, environmentSteps, evaluationSteps, seconds, modelCalls }) => {
    const work = stage === 'propose' ? 'generations' : 'trainings';
    const measured = evaluationSteps === 0 ? '' : ` + ${evaluationSteps.toLocaleString('en')} to measure`;
    return `  ${stage.padEnd(14)} ${steps} ${work}, ${environmentSteps.toLocaleString('en')} steps${measured}, ${seconds.toFixed(1)} s of work, ${modelCalls} model calls`;
  });
}

/** What the demo prints when a task has ended well. */
export function report(task: Task, reward: RewardExport, files: readonly string[]): string {
  return [
    '',
    'The best reward:',
    '',
    printable(reward.source.trimEnd()),
    '',
    ...(task.final === null ? [] : comparison(task.environment, task.final)),
    `Spent: ${task.spending.environmentSteps.toLocaleString('en')} environment steps, ${task.spending.modelCalls} model calls, ${task.spending.wallClockSeconds.toFixed(0)} s.`,
    ...stages(task),
    '',
    'Files:',
    ...files.map((file) => `  ${file}`),
    '',
    'The same by hand, while ./rewardsmith up runs in another terminal:',
    ...byHand(task),
    '',
  ].join('\n');
}
