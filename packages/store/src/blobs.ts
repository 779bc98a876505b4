import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StoreError } from './errors.ts';

const validKey = /^[A-Za-z0-9_-]+(?:[/.][A-Za-z0-9_-]+)*$/;

/** Files by key below one directory; a reader sees a whole blob or none. */
export class BlobDirectory {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /** Throws `bad-blob-key` for a key that is not words joined by single slashes or dots, `disk-full` when there is no room. */
  async put(key: string, bytes: Uint8Array): Promise<void> {
    const path = this.#path(key);
    const temporary = `${path}.${process.pid}.part`;
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
    } catch (error) {
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
