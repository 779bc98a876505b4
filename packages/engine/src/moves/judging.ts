import { failsBeside, flagHacking, preferenceForFailure, type Rival, worstKnown } from '@rewardsmith/analyzer';
import type { Finding, Fitness, LabelledEpisode, TrainingRun } from '@rewardsmith/contracts';
import type { BuiltinEnvironment } from '@rewardsmith/environments';
import { labelColumn, recordedRollout } from '@rewardsmith/rollouts';
import type { Sandbox } from '@rewardsmith/sandbox';
import { InfrastructureFailure, throwWhenStarved } from './failure.ts';
import { marginsOf } from './recording.ts';

/** What a policy that was trained on some reward does. */
export interface Behaviour {
  readonly run: TrainingRun;
  readonly episodes: () => Promise<readonly LabelledEpisode[]>;
}

/** Whether a finding says what a reward pays beside other rewards' policies: it is judged anew, not found in a training. */
export const isFlag = (finding: Finding): boolean =>
  finding.code === 'reward-hacking' || finding.code.startsWith('farmed-');

export interface JudgingContext {
  readonly tenant: string;
  readonly environment: BuiltinEnvironment;
  readonly sandbox: Sandbox;
  /** The task's fitness, where it has one of its own. */
  readonly fitness: Fitness | undefined;
}

/** The episodes under published dynamics. */
function published(episodes: readonly LabelledEpisode[]): readonly LabelledEpisode[] {
  return episodes.filter(({ dynamics }) => dynamics === undefined);
}

/** Episodes with the components that `source` gives them; nothing where it cannot label them. */
async function labelledBy(
  source: string,
  episodes: readonly LabelledEpisode[],
  { tenant, environment, sandbox }: JudgingContext,
): Promise<readonly LabelledEpisode[] | undefined> {
  const { definition } = environment;
  const rollout = recordedRollout(definition, episodes);
  const outcome = await sandbox.label({ tenant, source, environment: definition, rollout });
  if (outcome.kind === 'infrastructure') throw new InfrastructureFailure(outcome.message);
  throwWhenStarved(outcome);
  if (outcome.kind !== 'ok') return undefined;
  return episodes.map((episode, index) => ({
    ...episode,
    components: Object.fromEntries(
      outcome.value.names.map((name) => [
        name,
        Array.from(labelColumn(outcome.value, name).subarray(...rollout.span(index))),
      ]),
    ),
  }));
}

/**
 * Episodes of a policy with how clearly the task's own condition is met in them; where it has a fitness of its own, that one says
 * whether an episode has succeeded, as far as it is a condition.
 */
async function byTheTask(
  episodes: readonly LabelledEpisode[],
  { tenant, environment, sandbox, fitness }: JudgingContext,
) {
  if (fitness === undefined)
    return { episodes, margins: await marginsOf(episodes, tenant, environment, environment.success, sandbox) };
  const text = { source: fitness.source, environment: environment.definition, entry: 'success' } as const;
  const compilation = await sandbox.compiler({ tenant }).compile(text);
  const margins = compilation.ok
    ? await marginsOf(episodes, tenant, environment, compilation.program.source, sandbox)
    : undefined;
  const own = episodes.map((episode, index) => ({
    ...episode,
    succeeded: margins?.[index]?.some((margin) => margin > 0) ?? false,
  }));
  return { episodes: own, margins };
}

/** The best of the rivals beside which a policy fails, with its episodes; nothing where none has kept any. */
async function bestRecorded(rivals: readonly Behaviour[]) {
  for (const rival of rivals.toSorted((a, b) => b.run.fitness - a.run.fitness)) {
    const episodes = published(await rival.episodes());
    if (episodes.length > 0) return { rival, episodes };
  }
  return undefined;
}

/**
 * What speaks for a hacked reward, given the behaviour that it has led to and that of other rewards' policies in the same
 * task. The reward labels the episodes of the best of them in the sandbox, since that one decides; nothing is labelled where no other
 * policy is clearly better.
 */
export async function judgeBeside(
  source: string,
  own: Behaviour,
  others: readonly Behaviour[],
  context: JudgingContext,
): Promise<readonly Finding[]> {
  const floor = worstKnown(
    own.run,
    others.map(({ run }) => run.fitness),
  );
  const ownFitness = context.fitness !== undefined;
  const best = await bestRecorded(others.filter(({ run }) => failsBeside(own.run, run, floor, ownFitness)));
  if (best === undefined) return [];
  const labelled = await labelledBy(source, best.episodes, context);
  if (labelled === undefined) return [];
  const input = {
    environment: context.environment.definition,
    runs: [own.run],
    rivals: others.map((other): Rival => {
      const { fitness, successRate } = other.run;
      return { fitness, successRate, episodes: other === best.rival ? labelled : [] };
    }),
    ownFitness,
  };
  const recorded = published(await own.episodes());
  if (preferenceForFailure({ ...input, episodes: recorded }) === undefined) return [];
  const { episodes, margins } = await byTheTask(recorded, context);
  return flagHacking({ ...input, episodes, ...(margins === undefined ? {} : { margins }) });
}
