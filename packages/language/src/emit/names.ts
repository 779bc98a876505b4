/** Letters of a name: thousands of values may be named for one variable, and each is spelled where it is used. */
const LONGEST = 80;

/** Gives out names that are not taken yet: `speed`, then `speed2`. */
export class Names {
  readonly #taken: Set<string>;
  /** The number that each name was given last; all below are taken. */
  readonly #counts = new Map<string, number>();

  constructor(reserved: Iterable<string>) {
    this.#taken = new Set(reserved);
  }

  take(wanted: string): string {
    const base = wanted
      .slice(0, LONGEST)
      .replace(/[^A-Za-z0-9_$]/g, '_')
      .replace(/^(?=\d)/, '_');
    let name = base;
    let count = this.#counts.get(base) ?? 1;
    while (this.#taken.has(name)) {
      count += 1;
      name = `${base}${/\d$/.test(base) ? '_' : ''}${count}`;
    }
    this.#counts.set(base, count);
    this.#taken.add(name);
    return name;
  }
}

export const javascriptReserved: readonly string[] = (
  'arguments await break case catch class const continue debugger default delete do else enum eval export extends ' +
  'false finally for function if implements import in instanceof interface let new null package private protected ' +
  'public return static super switch this throw true try typeof undefined var void while with yield NaN Infinity ' +
  'Math Number Object Array Float64Array Uint32Array globalThis columns episodeOffsets episodes params outputs ' +
  'episode step alone end'
).split(' ');
