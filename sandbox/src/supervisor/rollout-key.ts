import { createHash } from 'node:crypto';
import type { Rollout } from '@rewardsmith/rollouts';

/** The parts of a rollout that candidates see, as they stand now. */
export interface RolloutContent {
  readonly columns: readonly Float64Array[];
  readonly episodeOffsets: Uint32Array;
  readonly bytes: number;
}

export function contentOf(rollout: Rollout): RolloutContent {
  const columns = rollout.columns.map((column) => column.slice(0, rollout.steps));
  const episodeOffsets = rollout.episodeOffsets.slice(0, rollout.episodes + 1);
  const bytes = columns.reduce((sum, column) => sum + column.byteLength, episodeOffsets.byteLength);
  return { columns, episodeOffsets, bytes };
}

/** Names a rollout by its content, so that one that was filled anew is not mistaken for what it held before. */
export function rolloutKey(rollout: Rollout): string {
  const hash = createHash('sha1');
  hash.update(`${JSON.stringify(rollout.layout)}:${rollout.steps}:${rollout.episodes}`);
  for (const column of rollout.columns) hash.update(column.subarray(0, rollout.steps));
  hash.update(rollout.episodeOffsets.subarray(0, rollout.episodes + 1));
  return hash.digest('hex');
}
