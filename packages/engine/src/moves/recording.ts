import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { typicalRun } from '@rewardsmith/analyzer';
import { LabelledEpisode } from '@rewardsmith/contracts';
import type { Recording } from '@rewardsmith/critic';
import { marginProgram } from '@rewardsmith/designer';
import type { BuiltinEnvironment } from '@rewardsmith/environments';
import { elites, type Member } from '@rewardsmith/evolution';
import { labelColumn, recordedRollout } from '@rewardsmith/rollouts';
import type { Sandbox } from '@rewardsmith/sandbox';
import type { CandidateRow, Store } from '@rewardsmith/store';
import { z } from 'zod';
import { StepInput, StepResult, subjectName } from '../machine/steps.ts';
import { InfrastructureFailure } from './failure.ts';

const compress = promisify(gzip);
const decompress = promisify(gunzip);
const Episodes = z.array(LabelledEpisode);

/** Where the labelled episodes of a training step are kept. */
export function episodesKey(taskId: string, stepId: string): string {
  return `${taskId}/episodes/${stepId}.json.gz`;
}

export async function keepEpisodes(store: Store, key: string, episodes: readonly LabelledEpisode[]): Promise<void> {
  await store.putBlob(key, await compress(JSON.stringify(episodes)));
}

/** The episodes that a training step has kept; none when they are gone. */
export async function readEpisodes(store: Store, key: string): Promise<readonly LabelledEpisode[]> {
  const bytes = await store.getBlob(key);
  return bytes === undefined ? [] : Episodes.parse(JSON.parse((await decompress(bytes)).toString('utf8')));
}

/** Reads the episodes of a candidate's typical search run: the one that its findings speak of. */
export async function episodeReader(taskId: string, store: Store) {
  const steps = await store.transact(taskId, (move) => move.steps());
  const trained = steps.flatMap(({ id, input, result }) => {
    const [read, ended] = [StepInput.parse(input), result === null ? null : StepResult.parse(result)];
    return read.kind === 'train' && read.purpose === 'search' && ended?.kind === 'trained'
      ? [{ id, subject: subjectName(read.subject), seedIndex: read.seedIndex, run: ended.run }]
      : [];
  });
  return async (row: CandidateRow): Promise<readonly LabelledEpisode[]> => {
    const own = trained.filter(({ subject }) => subject === row.id).toSorted((a, b) => a.seedIndex - b.seedIndex);
    const typical = typicalRun(own.map(({ run }) => run));
    const step = own.find(({ run }) => run === typical);
    return step === undefined ? [] : readEpisodes(store, episodesKey(taskId, step.id));
  };
}

/** Whose episodes new programs are judged on: the best candidates, and as many spread evenly over the others. */
export function recordedMembers(members: readonly Member[], count: number): readonly string[] {
  const order = elites(members, members.length).map(({ id }) => id);
  const others = order.slice(count);
  const few = Math.min(count, others.length);
  const spread = Array.from({ length: few }, (_, place) => others[Math.ceil(((place + 1) * others.length) / few) - 1]);
  return [...order.slice(0, count), ...spread.flatMap((id) => id ?? [])];
}

/** Recorded episodes as the critic reads them; nothing when there are none. A task with a fitness of its own is not about success. */
export async function recordingOf(
  episodes: readonly LabelledEpisode[],
  environment: BuiltinEnvironment,
  tenant: string,
  sandbox: Sandbox,
  ownFitness: boolean,
): Promise<Recording | undefined> {
  if (episodes.length === 0) return undefined;
  const rollout = recordedRollout(environment.definition, episodes);
  const fitness = episodes.map((episode) => episode.fitness);
  if (ownFitness) return { rollout, fitness, succeeded: [], success: new Float64Array(0) };
  const outcome = await sandbox.label({
    tenant,
    source: environment.success,
    environment: environment.definition,
    entry: 'success',
    rollout,
    components: ['total'],
  });
  if (outcome.kind !== 'ok') {
    throw new InfrastructureFailure(`the success condition could not be run over recorded episodes: ${outcome.kind}`);
  }
  return {
    rollout,
    succeeded: episodes.map((episode) => episode.succeeded),
    fitness,
    success: labelColumn(outcome.value, 'total'),
  };
}

/**
 * How clearly a condition, the environment's or the task's own, is met after each step of each episode; nothing where it has no such measure. It comes
 * from the sandbox too: the condition is text, as a reward is.
 */
export async function marginsOf(
  episodes: readonly LabelledEpisode[],
  tenant: string,
  { definition }: Pick<BuiltinEnvironment, 'definition'>,
  condition: string,
  sandbox: Sandbox,
): Promise<readonly (readonly number[])[] | undefined> {
  const source = marginProgram(condition, definition);
  if (source === undefined || episodes.length === 0) return undefined;
  const rollout = recordedRollout(definition, episodes);
  const outcome = await sandbox.label({ tenant, source, environment: definition, rollout });
  if (outcome.kind === 'infrastructure') throw new InfrastructureFailure(outcome.message);
  if (outcome.kind !== 'ok') return undefined;
  const margin = labelColumn(outcome.value, 'margin');
  return episodes.map((_, episode) => Array.from(margin.subarray(...rollout.span(episode))));
}
