import { createHash } from 'node:crypto';
import type { Rollout } from '@rewardsmith/rollouts';

/**
 * The parts of a rollout that candidates see, as they stand now: one after another they are the bytes of a `Rollout` with room for its steps and episodes
 * alone. Of a sealed one these are its own memory.
 */
export function contentOf(rollout: Rollout): readonly Uint8Array[] {
  const { steps, episodes, columns, episodeOffsets } = rollout;
  const parts = [...columns.map((column) => column.subarray(0, steps)), episodeOffsets.subarray(0, episodes + 1)];
  const bytes = parts.map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength));
  return rollout.sealed ? bytes : bytes.map((part) => part.slice());
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
