import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StoreError } from './errors.ts';

const validKey = /^[A-Za-z0-9_-]+(?:[/.][A-Za-z0-9_-]+)*$/;

/** A renamed file is only sure to be found after a power cut once its directory is on the disk. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** Files by key below one directory; a reader sees a whole blob or none. */
export class BlobDirectory {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /** Throws `bad-blob-key` for a key that is not words joined by single slashes or dots, `disk-full` when there is no room. */
  async put(key: string, bytes: Uint8Array): Promise<void> {
    const path = this.#path(key);
    // A name of its own, so that two writers of one key never share a file.
    const temporary = `${path}.${randomUUID()}.part`;
    try {
      await mkdir(dirname(path), { recursive: true });
      const file = await open(temporary, 'w');
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, path);
      await syncDirectory(dirname(path));
    } catch (error) {
      await rm(temporary, { force: true });
      if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') {
        throw new StoreError('disk-full', `No space is left to write ${path}. Free some; the work is tried again.`, {
          cause: error,
        });
      }
      throw error;
    }
  }

  /** The blob's bytes; `undefined` when there is none of that key. */
  async get(key: string): Promise<Uint8Array | undefined> {
    try {
      return await readFile(this.#path(key));
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    }
  }

  #path(key: string): string {
    if (!validKey.test(key)) throw new StoreError('bad-blob-key', `"${key}" is not a key of a blob.`);
    return join(this.#root, key);
  }
}
