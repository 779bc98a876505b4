import { createHash } from 'node:crypto';
import type { Environment } from '@rewardsmith/contracts';
import { Rollout } from '@rewardsmith/rollouts';

/** A rollout as it stood when it was asked for, whatever its owner writes to it later. */
export interface RolloutSnapshot {
  /** Names the content: the same for the same rows. */
  readonly key: string;
  readonly environment: Environment;
  readonly columns: number;
  readonly steps: number;
  readonly episodes: number;
  readonly episodeOffsets: Uint32Array;
  /** One after another the bytes of a `Rollout` with room for these steps and episodes alone. */
  readonly content: readonly Uint8Array[];
  readonly bytes: number;
}

/** What is hashed at once: it takes less than 2 GiB. */
const PIECE_BYTES = 2 ** 28;

interface Known {
  readonly snapshot: RolloutSnapshot;
  /** The whole buffer as it was; absent for a sealed rollout, which keeps its content. */
  readonly copy: Buffer | undefined;
}

const known = new WeakMap<SharedArrayBuffer, Known>();

/**
 * What a rollout holds now, named by its content, so that one that was filled anew is not mistaken for what it held before. One
 * that is asked for again is compared, byte by byte, with what it was: that takes an eighth of the time of a digest, and
 * is not needed once it is sealed. A copy is taken of one that is not.
 */
export function snapshotOf(rollout: Rollout): RolloutSnapshot {
  const last = known.get(rollout.buffer);
  if (last !== undefined && unchanged(rollout, last)) return last.snapshot;
  const copy = rollout.sealed ? undefined : copyOf(rollout);
  const snapshot = taken(rollout, copy);
  known.set(rollout.buffer, { snapshot, copy });
  return snapshot;
}

function unchanged({ steps, episodes, buffer }: Rollout, { snapshot, copy }: Known): boolean {
  if (snapshot.steps !== steps || snapshot.episodes !== episodes) return false;
  // Without a copy it was sealed then, and still is.
  return copy === undefined || copy.equals(Buffer.from(buffer));
}

function copyOf({ buffer }: Rollout): Buffer {
  const copy = Buffer.allocUnsafeSlow(buffer.byteLength);
  Buffer.from(buffer).copy(copy);
  return copy;
}

function taken(rollout: Rollout, copy: Buffer | undefined): RolloutSnapshot {
  const { environment, capacity, layout, steps, episodes, buffer } = rollout;
  const memory = copy?.buffer ?? buffer;
  const episodeOffsets = new Uint32Array(memory, rollout.episodeOffsets.byteOffset, episodes + 1);
  const stride = capacity.steps * Float64Array.BYTES_PER_ELEMENT;
  const filled = steps * Float64Array.BYTES_PER_ELEMENT;
  // Columns that are filled to their ends lie one after another as it is.
  const numbers =
    steps === capacity.steps
      ? [...pieces(memory, 0, layout.length * stride)]
      : layout.flatMap((_, place) => [...pieces(memory, place * stride, filled)]);
  const content = [...numbers, ...pieces(memory, episodeOffsets.byteOffset, episodeOffsets.byteLength)];
  const hash = createHash('sha1');
  hash.update(`${JSON.stringify(layout)}:${steps}:${episodes}`);
  for (const bytes of content) hash.update(bytes);
  const bytes = Rollout.bytes(environment, { steps, episodes });
  const columns = layout.length;
  return { key: hash.digest('hex'), environment, columns, steps, episodes, episodeOffsets, content, bytes };
}

/** So many bytes of `memory` from `from` on, in pieces of `most` at most. */
export function* pieces(
  memory: ArrayBufferLike,
  from: number,
  length: number,
  most = PIECE_BYTES,
): Generator<Uint8Array> {
  for (let done = 0; done < length; done += most) {
    yield new Uint8Array(memory, from + done, Math.min(most, length - done));
  }
}
