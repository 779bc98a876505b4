import type { Finding, LabelledEpisode, TrainingRun } from '@rewardsmith/contracts';
import { type Behaviour, judgeBeside } from '@rewardsmith/engine/judging';
import type { BuiltinEnvironment } from '@rewardsmith/environments';
import type { Sandbox } from '@rewardsmith/sandbox';

export interface Contestant {
  readonly name: string;
  /** In the reward language. */
  readonly source: string;
}

export interface Verdict extends Contestant {
  readonly run: TrainingRun;
  readonly episodes: readonly LabelledEpisode[];
  /** What speaks against the reward, seen beside the policies of the others; an error for a hacked one. */
  readonly flags: readonly Finding[];
}

export interface TrialSettings {
  /** Share of the environment's own budget. */
  readonly share: number;
  /** Training seeds of every reward. */
  readonly seeds: readonly number[];
}

const EVALUATION_EPISODES = 32;

/** Trains policies on each reward as a task does, and judges each beside the best ones of all the others. */
export async function trial(
  sandbox: Sandbox,
  environment: BuiltinEnvironment,
  contestants: readonly Contestant[],
  { share, seeds }: TrialSettings,
): Promise<readonly Verdict[]> {
  const name = environment.definition.name;
  const train = async (contestant: Contestant, seed: number) => {
    const outcome = await sandbox.train({
      tenant: 'trial',
      environment: name,
      reward: contestant.source,
      fitness: environment.fitness,
      environmentSteps: Math.round(share * environment.training.environmentSteps),
      seed,
      evaluation: { seed: 100_000 + seed, episodes: EVALUATION_EPISODES },
    });
    if (outcome.kind !== 'ok') throw new Error(`${name}, ${contestant.name}: ${JSON.stringify(outcome)}`);
    const { run, episodes } = outcome.value;
    const behaviour: Behaviour = { run, episodes: async () => episodes };
    return { ...contestant, run, episodes, behaviour };
  };
  const trained = await Promise.all(contestants.flatMap((each) => seeds.map((seed) => train(each, seed))));
  const best = contestants.flatMap((contestant) =>
    trained
      .filter((each) => each.name === contestant.name)
      .toSorted((a, b) => b.run.fitness - a.run.fitness)
      .slice(0, 1),
  );
  const verdicts: Verdict[] = [];
  for (const { behaviour, ...own } of trained) {
    const others = best.filter((other) => other.name !== own.name).map((other) => other.behaviour);
    const flags = await judgeBeside(own.source, behaviour, others, {
      tenant: 'trial',
      environment,
      sandbox,
      fitness: undefined,
    });
    verdicts.push({ ...own, flags });
  }
  return verdicts;
}
