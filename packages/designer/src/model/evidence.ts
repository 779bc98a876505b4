import { type Finding, type FitnessEstimate, findingText } from '@rewardsmith/contracts';
import { limits } from '../limits.ts';
import { cut } from './cut.ts';

/** A cause that the analyzer's model gave for a finding, with what to do about it. */
export interface CauseText {
  readonly finding: string;
  readonly cause: string;
  readonly advice: string;
}

/** An evaluated candidate as a prompt shows it. Its fitness is that of the search, never a held-out one. */
export interface EvaluatedParent {
  readonly source: string;
  /** What its designer had in mind; empty where nobody said. */
  readonly thought: string;
  readonly fitness: FitnessEstimate;
  /** Fitness of a policy that does nothing, where it was measured: without it a fitness says little. */
  readonly untrainedFitness: number | undefined;
  /** The analyzer's table of components over training. */
  readonly facts: string;
  readonly findings: readonly Finding[];
  /** Warnings of the critic, its model's review among them. */
  readonly warnings: readonly Finding[];
  readonly causes: readonly CauseText[];
  readonly summary: string;
  /** Whether the task has a fitness of its own, of which the environment's success says nothing. */
  readonly ownFitness: boolean;
  /** A person's own: the reward that the task starts from. */
  readonly given: boolean;
  /** Screened by a short training alone, and not trained in full. */
  readonly short: boolean;
}

/** A text with an end to its last sentence. */
function sentence(text: string): string {
  const trimmed = text.trim();
  return trimmed === '' || /[.!?…:]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** Fitness in a sentence: mean, spread, and successes where they are what the task is about. */
function fitnessText(fitness: FitnessEstimate, ownFitness: boolean, short: boolean): string {
  const { mean, standardDeviation, values, successRate } = fitness;
  const spread = values.length > 1 ? `, standard deviation ${rounded(standardDeviation)}` : '';
  const kind = short ? 'short training' : 'training';
  const runs = values.length === 1 ? `1 ${kind} run` : `${values.length} ${kind} runs`;
  const screened = short ? '; it was not trained in full, since others did better in theirs' : '';
  return `${rounded(mean)} over ${runs}${spread}${ownFitness ? '' : `; ${rounded(100 * successRate)}% of episodes met the task`}${screened}`;
}

/** Everything that a designer is told of a trained reward. */
export function evidenceText({
  thought,
  fitness,
  untrainedFitness,
  facts,
  findings,
  warnings,
  causes,
  summary,
  ownFitness,
  given,
  short,
}: EvaluatedParent): string {
  const idle = untrainedFitness === undefined ? '' : ` A policy that does nothing has ${rounded(untrainedFitness)}.`;
  const section = (title: string, lines: readonly string[]) => (lines.length === 0 ? [] : ['', title, '', ...lines]);
  const listed = (told: readonly Finding[]) =>
    told.slice(0, limits.findings).map((finding) => `- ${cut(findingText(finding), limits.findingLength)}`);
  return [
    ...(given ? ['It is the reward that the person gave to start from.', ''] : []),
    ...(thought === '' ? [] : [`The idea of it: ${cut(sentence(thought), limits.triedThoughtLength)}`, '']),
    `Fitness of its policies (higher is better): ${fitnessText(fitness, ownFitness, short)}.${idle}`,
    ...section('Over training, and for the trained policy:', facts === '' ? [] : [cut(facts, limits.factsLength)]),
    ...section('Said before training:', listed(warnings)),
    ...section('What was found in its episodes:', listed(findings)),
    ...section(
      'Why, as far as the analysis goes:',
      causes
        .slice(0, limits.findings)
        .map(
          ({ finding, cause, advice }) =>
            `- ${cut(`${finding}: ${sentence(cause)} ${sentence(advice)}`, limits.causeLength)}`,
        ),
    ),
    ...(summary === '' ? [] : ['', cut(summary, limits.causeLength)]),
  ].join('\n');
}
