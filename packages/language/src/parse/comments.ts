import type { Comment, Node as Syntax } from 'acorn';
import { limits } from '../limits.ts';
import { countUpTo } from './count-up-to.ts';

const lines = (comment: Comment): string[] =>
  comment.value
    .split('\n')
    .map((line) => line.replace(/^\s*\*? ?/, '').trimEnd())
    .filter((line, index, all) => line !== '' || (index > 0 && index < all.length - 1));

/** What may stand on a line between a statement and the comment behind it. */
const closing = /[^\S\n]|[;,)}\]]/;

/** The program's comments, found again by where they stand. */
export class Comments {
  readonly #source: string;
  /** In the order of the text, in which none overlap. */
  readonly #all: readonly Comment[];
  readonly #starts: readonly number[];
  readonly #ends: readonly number[];
  readonly #around = new Map<number, readonly string[]>();
  readonly #reaches = new Map<number, number>();
  #kept = 0;

  constructor(source: string, comments: readonly Comment[]) {
    this.#source = source;
    this.#all = [...comments].sort((a, b) => a.end - b.end);
    this.#starts = this.#all.map(({ start }) => start);
    this.#ends = this.#all.map(({ end }) => end);
  }

  /** The comments right above a statement and the one behind it on its line, as lines of text. */
  around(syntax: Syntax): readonly string[] {
    if (this.#kept > limits.keptComments) return [];
    // A loop's statements are asked for again each time round.
    const key = syntax.start * (this.#source.length + 1) + syntax.end;
    const found = this.#around.get(key) ?? [...this.#above(syntax.start), ...this.#behind(syntax.end)];
    this.#around.set(key, found);
    for (const line of found) this.#kept += line.length + 1;
    return found;
  }

  /** The comment that opens the file. */
  heading(): readonly string[] {
    const first = this.#all[0];
    if (first === undefined || this.#source.slice(0, first.start).trim() !== '') return [];
    const block: string[] = [];
    let end = first.start;
    for (const comment of this.#all) {
      const between = this.#source.slice(end, comment.start);
      if (between.trim() !== '' || /\n\s*\n/.test(between)) break;
      block.push(...lines(comment));
      end = comment.end;
    }
    return block;
  }

  #above(from: number): readonly string[] {
    const found: string[][] = [];
    let start = from;
    for (let index = countUpTo(this.#ends, start) - 1; index >= 0; index--) {
      const comment = this.#all[index];
      if (comment === undefined) break;
      const above = this.#source.slice(0, start).trimEnd().length;
      if (above > comment.end || /\n\s*\n/.test(this.#source.slice(comment.end, start))) break;
      if (this.#trails(index)) break;
      found.push(lines(comment));
      start = comment.start;
    }
    return found.reverse().flat();
  }

  #behind(end: number): readonly string[] {
    const index = countUpTo(this.#starts, end - 1);
    const comment = this.#all[index];
    return comment !== undefined && this.#reach(index, comment) <= end ? lines(comment) : [];
  }

  /** How far before a comment its line has nothing but what closes a statement. */
  #reach(index: number, comment: Comment): number {
    const known = this.#reaches.get(index);
    if (known !== undefined) return known;
    let reach = comment.start;
    while (reach > 0 && closing.test(this.#source.charAt(reach - 1))) reach -= 1;
    this.#reaches.set(index, reach);
    return reach;
  }

  /** Whether code or another comment stands before a comment on its line. */
  #trails(index: number): boolean {
    const start = this.#starts[index] ?? 0;
    const before = this.#source.slice(this.#ends[index - 1] ?? 0, start);
    const lineStart = before.lastIndexOf('\n') + 1;
    return (lineStart === 0 && index > 0) || before.slice(lineStart).trim() !== '';
  }
}
