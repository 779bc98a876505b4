import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StoreError } from './errors.ts';
import { makeDirectory } from './make-directory.ts';

function holder(pidFile: string): string {
  try {
    return `process ${readFileSync(pidFile, 'utf8').trim()}`;
  } catch {
    return 'another process';
  }
}

/** Result codes of SQLite (sqlite3.h): another holds the lock; the disk is full. */
const codes = { busy: 5, full: 13 } as const;

function isCode(error: unknown, code: number): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === code;
}

function unusable(dataDirectory: string, error: unknown): StoreError {
  if (isCode(error, codes.full) || (error instanceof Error && 'code' in error && error.code === 'ENOSPC')) {
    const message = `No space is left on the disk of ${resolve(dataDirectory)}. Free some, or name another directory.`;
    return new StoreError('disk-full', message, { cause: error });
  }
  const reason = error instanceof Error ? error.message : String(error);
  const message = `The data directory ${resolve(dataDirectory)} cannot be written: ${reason}`;
  return new StoreError('data-directory-unusable', message, { cause: error });
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
    makeDirectory(resolve(dataDirectory));
    database = new DatabaseSync(join(dataDirectory, 'lock.sqlite'));
  } catch (error) {
    throw unusable(dataDirectory, error);
  }
  try {
    database.exec('begin exclusive');
  } catch (error) {
    database.close();
    if (!isCode(error, codes.busy)) throw unusable(dataDirectory, error);
    throw new StoreError(
      'data-directory-locked',
      `The data directory ${resolve(dataDirectory)} is in use by ${holder(pidFile)}. Stop it, or name another directory.`,
      { cause: error },
    );
  }
  try {
    writeFileSync(pidFile, `${process.pid}\n`);
  } catch (error) {
    database.close();
    throw unusable(dataDirectory, error);
  }
  return () => database.close();
}
