import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { LabelledEpisode } from '@rewardsmith/contracts';
import type { Recording } from '@rewardsmith/critic';
import { marginProgram } from '@rewardsmith/designer';
import type { BuiltinEnvironment } from '@rewardsmith/environments';
import { labelColumn, recordedRollout } from '@rewardsmith/rollouts';
import type { Sandbox } from '@rewardsmith/sandbox';
import type { Store } from '@rewardsmith/store';
import { z } from 'zod';
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

/** Recorded episodes as the critic reads them; nothing when there are none. */
export async function recordingOf(
  episodes: readonly LabelledEpisode[],
  environment: BuiltinEnvironment,
  tenant: string,
  sandbox: Sandbox,
): Promise<Recording | undefined> {
  if (episodes.length === 0) return undefined;
  const rollout = recordedRollout(environment.definition, episodes);
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
    success: labelColumn(outcome.value, 'total'),
  };
}

/**
 * How clearly the success condition is met after each step of each episode; nothing where it has no such measure. It comes
 * from the sandbox too: the condition is text, as a reward is.
 */
export async function marginsOf(
  episodes: readonly LabelledEpisode[],
  tenant: string,
  { definition, success }: BuiltinEnvironment,
  sandbox: Sandbox,
): Promise<readonly (readonly number[])[] | undefined> {
  const source = marginProgram(success, definition);
  if (source === undefined || episodes.length === 0) return undefined;
  const rollout = recordedRollout(definition, episodes);
  const outcome = await sandbox.label({ tenant, source, environment: definition, rollout });
  if (outcome.kind === 'infrastructure') throw new InfrastructureFailure(outcome.message);
  if (outcome.kind !== 'ok') return undefined;
  const margin = labelColumn(outcome.value, 'margin');
  return episodes.map((_, episode) => Array.from(margin.subarray(...rollout.span(episode))));
}
