import type { Finding, LabelledEpisode } from '@rewardsmith/contracts';
import { type AnalysisInput, type FailureMode, lengthOf, mean, sumOf } from './analysis.ts';
import { type Farm, farmPatterns } from './farming.ts';
import { limits } from './limits.ts';
import { type Preference, preferenceForFailure } from './preference.ts';

type Evidence = NonNullable<Finding['evidence']>[number];

/**
 * The shortest stretch of an episode that holds most of what a component pays over it; its last step where the component
 * only costs, since what was collected is the end.
 */
function stretch(values: readonly number[]): { readonly from: number; readonly to: number } {
  const last = Math.max(0, values.length - 1);
  const pay = values.reduce((sum, value) => sum + value, 0);
  if (pay <= 0) return { from: last, to: last };
  const wanted = limits.farmedShare * pay;
  let best = { from: 0, to: last };
  let [from, sum] = [0, 0];
  for (let to = 0; to < values.length; to += 1) {
    sum += values[to] ?? 0;
    while (from < to && sum - (values[from] ?? 0) >= wanted) {
      sum -= values[from] ?? 0;
      from += 1;
    }
    if (sum >= wanted && to - from < best.to - best.from) best = { from, to };
  }
  return best;
}

function evidenceOf(
  episodes: readonly LabelledEpisode[],
  { failing, component, sums }: Preference,
): readonly Evidence[] {
  return failing.flatMap((index) => {
    const episode = episodes[index];
    if (episode === undefined) return [];
    const values = episode.components[component] ?? [];
    // Some failures are of another kind: this episode has none of what the others collect.
    if (sums.failure > 0 && sumOf(episode, component) <= 0) return [];
    const { from, to } = stretch(values);
    const pay = values.slice(from, to + 1).reduce((sum, value) => sum + value, 0);
    return [{ episode: index, fromStep: from, toStep: to, values: { fitness: episode.fitness, [component]: pay } }];
  });
}

const short = (value: number): string => String(Number(value.toPrecision(3)));

/**
 * The reward has been hacked: it pays episodes that fail no less than another policy's that succeed. Names the component
 * that makes the difference, and where it is collected.
 */
const rewardHacking: FailureMode = (input) => {
  const found = preferenceForFailure(input);
  if (found === undefined) return [];
  const { paid, rival, component, sums, failing } = found;
  const fitness = failing.map((index) => input.episodes[index]?.fitness ?? 0);
  const worst = Math.min(...fitness);
  return [
    {
      code: 'reward-hacking',
      severity: 'error',
      component,
      message: `Episodes of fitness ${short(worst)}${fitness.length > 1 ? ` to ${short(Math.max(...fitness))}` : ''} are paid ${short(paid.failure)}, and ${short(paid.success)} is paid to those of another reward's policy, whose fitness is ${short(rival.fitness)}: ${component} gives the former ${short(sums.failure)} and the latter ${short(sums.success)}.`,
      advice: `Change ${component} so that it cannot be collected without the task, and let the outcome pay more than all that can be had on the way.`,
      evidence: [...evidenceOf(input.episodes, found)],
    },
  ];
};

interface Farming {
  readonly code: string;
  readonly said: string;
  readonly advice: string;
  readonly shows: (farm: Farm) => boolean;
}

/** Ways in which a hacked reward is collected, most telling first. */
const farmings: readonly Farming[] = [
  {
    code: 'farmed-by-ending-early',
    said: 'by ending the episode, which spares it what every further step costs',
    advice: 'Cost the failure that ends an episode, or pay each step that it lasts.',
    shows: farmPatterns.endsEarly,
  },
  {
    code: 'farmed-by-idling',
    said: 'at rest',
    advice: 'Pay what changes towards the goal, not the state that it rests in.',
    shows: farmPatterns.idles,
  },
  {
    code: 'farmed-by-hovering',
    said: 'near the goal, without meeting its condition',
    advice: 'Let being within the condition pay more than any state beside it.',
    shows: farmPatterns.hovers,
  },
  {
    code: 'farmed-at-a-bound',
    said: 'with a sensor or an action at its bound',
    advice: 'Saturate the component before the bound, or cost what stands at it.',
    shows: farmPatterns.standsAtABound,
  },
  {
    code: 'farmed-by-oscillating',
    said: 'by going back and forth or round and round',
    advice: 'Pay signed changes of a potential, so that every way back costs what the way forth has paid.',
    shows: farmPatterns.oscillates,
  },
  {
    code: 'farmed-by-never-ending',
    said: 'by keeping the episode from its end, which would stop the pay',
    advice: 'Let the outcome pay at once what the steps that are left could earn, or pay changes in place of levels.',
    shows: farmPatterns.drawnOut,
  },
];

/** How a hacked reward is collected: the first of the known ways that most of the failing episodes show. */
const farming: FailureMode = (input) => {
  const found = preferenceForFailure(input);
  if (found === undefined) return [];
  const { component, sums, rival } = found;
  const farms = evidenceOf(input.episodes, found).flatMap((evidence) => {
    const episode = input.episodes[evidence.episode];
    if (episode === undefined) return [];
    const farm: Farm = {
      environment: input.environment,
      episode,
      from: evidence.fromStep,
      to: evidence.toStep,
      margins: input.margins?.[evidence.episode],
      pay: sums.failure,
      rivalLength: mean(rival.episodes.map(lengthOf)),
    };
    return [{ evidence, farm }];
  });
  for (const { code, said, advice, shows } of farmings) {
    const evidence = farms.flatMap(({ evidence: each, farm }) => (shows(farm) ? [each] : []));
    if (2 * evidence.length <= farms.length) continue;
    const message = `${component} is collected ${said}, in ${evidence.length} of ${farms.length} failing episodes.`;
    return [{ code, severity: 'warning', component, message, advice, evidence }];
  }
  return [];
};

/** What speaks for a hacked reward, once the behaviour of other rewards' policies is known: an error, and how it is collected. */
export function flagHacking(input: AnalysisInput): readonly Finding[] {
  return [...rewardHacking(input), ...farming(input)];
}
