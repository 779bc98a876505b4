import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StoreError } from './errors.ts';

function holder(pidFile: string): string {
  try {
    return `process ${readFileSync(pidFile, 'utf8').trim()}`;
  } catch {
    return 'another process';
  }
}

/**
 * Locks a data directory for this process and returns the function that frees it.
 *
 * Two processes on one embedded database lose rows without a word, so the lock must be exact: it is SQLite's
 * exclusive lock on a file of its own, which the operating system frees the moment its holder dies.
 */
export function lockDirectory(dataDirectory: string): () => void {
  const pidFile = join(dataDirectory, 'lock.pid');
  let database: DatabaseSync;
  try {
    mkdirSync(dataDirectory, { recursive: true });
    database = new DatabaseSync(join(dataDirectory, 'lock.sqlite'));
  } catch (error) {
    throw new StoreError(
      'data-directory-unusable',
      `The data directory ${resolve(dataDirectory)} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
  try {
    database.exec('begin exclusive');
  } catch (error) {
    database.close();
    throw new StoreError(
      'data-directory-locked',
      `The data directory ${resolve(dataDirectory)} is in use by ${holder(pidFile)}. Stop it, or name another directory.`,
      { cause: error },
    );
  }
  writeFileSync(pidFile, `${process.pid}\n`);
  return () => database.close();
}
