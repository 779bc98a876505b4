/** What the command line gave a suite: texts by name, without the dashes. */
export type Options = ReadonlyMap<string, string>;

/** A list with commas; absent where it was not given. */
export function listed(options: Options, name: string): readonly string[] | undefined {
  return options.get(name)?.split(',');
}

/** A number of at least 0, `fallback` where none was given. Throws for what is none. */
export function numberOf(options: Options, name: string, fallback: number): number {
  const text = options.get(name);
  if (text === undefined) return fallback;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0) {
    throw new Error(`--${name} takes a number of at least 0, not "${text}"`);
  }
  return value;
}

/** The same in whole numbers. */
export function wholeOf(options: Options, name: string, fallback: number): number {
  const value = numberOf(options, name, fallback);
  if (!Number.isInteger(value)) throw new Error(`--${name} takes a whole number, not "${options.get(name)}"`);
  return value;
}
