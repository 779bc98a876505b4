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

/** The content that a rollout had when it was last named. */
interface Named {
  readonly steps: number;
  readonly episodes: number;
  /** Absent for a sealed rollout, which keeps its content. */
  readonly content: Buffer | undefined;
  readonly key: string;
}

const named = new WeakMap<SharedArrayBuffer, Named>();

/**
 * Names a rollout by its content, so that one that was filled anew is not mistaken for what it held before. A rollout
 * that is named again is compared, byte by byte, with what it was: that takes an eighth of the time of a digest, and
 * is not needed once it is sealed.
 */
export function rolloutKey(rollout: Rollout): string {
  const known = named.get(rollout.buffer);
  if (known?.steps === rollout.steps && known.episodes === rollout.episodes && unchanged(rollout, known)) {
    return known.key;
  }
  const key = digest(rollout);
  const content = rollout.sealed ? undefined : (known?.content ?? Buffer.allocUnsafeSlow(rollout.buffer.byteLength));
  if (content !== undefined) Buffer.from(rollout.buffer).copy(content);
  named.set(rollout.buffer, { steps: rollout.steps, episodes: rollout.episodes, content, key });
  return key;
}

function unchanged(rollout: Rollout, { content }: Named): boolean {
  // Without content it was sealed when it was named, and still is.
  return content === undefined || content.equals(Buffer.from(rollout.buffer));
}

function digest(rollout: Rollout): string {
  const hash = createHash('sha1');
  hash.update(`${JSON.stringify(rollout.layout)}:${rollout.steps}:${rollout.episodes}`);
  for (const column of rollout.columns) hash.update(column.subarray(0, rollout.steps));
  hash.update(rollout.episodeOffsets.subarray(0, rollout.episodes + 1));
  return hash.digest('hex');
}
