/** A library as bytes, for a process that may open no file. */
export interface LibraryFiles {
  /** Where the script was found; it is loaded under this name. */
  readonly url: string;
  readonly script: Uint8Array;
  /** WebAssembly. */
  readonly binary: Uint8Array;
}

/** What a simulator needs beside this package's own code: loaded when one of its tasks is trained, and not before. */
export interface Library {
  readonly name: string;
  /** Reads it from disk. */
  files(): LibraryFiles;
  /** Loads it, once for the process, from the given bytes or from disk. */
  load(files?: LibraryFiles): Promise<void>;
}
