/** A fault of the user's or of the machine's: one readable message and an exit code, without a stack. */
export class Fault extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode = 2) {
    super(message);
    this.name = 'Fault';
    this.exitCode = exitCode;
  }
}

const systemFaults: Readonly<Record<string, (path: string) => string>> = {
  ENOENT: (path) => `There is no file ${path}.`,
  EACCES: (path) => `${path} may not be read or written.`,
  EEXIST: (path) => `${path} is there already.`,
  ENOTDIR: (path) => `${path} is not in a directory, but below a file.`,
  EISDIR: () => 'What was given as a file is a directory.',
  ENOSPC: (path) => `No space is left on the disk of ${path}. Free some and run the command again.`,
  EROFS: (path) => `${path} is on a disk that may only be read.`,
};

/** The one line that a user reads for an error. */
export function readable(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && typeof error.code === 'string') {
    const path = 'path' in error && typeof error.path === 'string' ? error.path : 'the file';
    const said = systemFaults[error.code]?.(path);
    if (said !== undefined) return said;
  }
  return error.message;
}
