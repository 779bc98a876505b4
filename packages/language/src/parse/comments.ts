import type { Comment, Node as Syntax } from 'acorn';

const lines = (comment: Comment): string[] =>
  comment.value
    .split('\n')
    .map((line) => line.replace(/^\s*\*? ?/, '').trimEnd())
    .filter((line, index, all) => line !== '' || (index > 0 && index < all.length - 1));

/** The program's comments, found again by where they stand. */
export class Comments {
  readonly #source: string;
  readonly #byEnd: readonly Comment[];

  constructor(source: string, comments: readonly Comment[]) {
    this.#source = source;
    this.#byEnd = [...comments].sort((a, b) => a.end - b.end);
  }

  /** The comments right above a statement and the one behind it on its line, as lines of text. */
  around(syntax: Syntax): readonly string[] {
    const above: string[] = [];
    let start = syntax.start;
    for (const comment of this.#byEnd.toReversed()) {
      if (comment.end > start) continue;
      const between = this.#source.slice(comment.end, start);
      if (!/^\s*$/.test(between) || /\n\s*\n/.test(between)) break;
      if (this.#trails(comment)) break;
      above.unshift(...lines(comment));
      start = comment.start;
    }
    const behind = this.#byEnd.find(
      (comment) => comment.start >= syntax.end && /^[\s;,)}\]]*$/.test(this.#source.slice(syntax.end, comment.start)),
    );
    const sameLine = behind !== undefined && !this.#source.slice(syntax.end, behind.start).includes('\n');
    return sameLine ? [...above, ...lines(behind)] : above;
  }

  /** The comment that opens the file. */
  heading(): readonly string[] {
    const first = this.#byEnd[0];
    if (first === undefined || this.#source.slice(0, first.start).trim() !== '') return [];
    const block: string[] = [];
    let end = first.start;
    for (const comment of this.#byEnd) {
      const between = this.#source.slice(end, comment.start);
      if (between.trim() !== '' || /\n\s*\n/.test(between)) break;
      block.push(...lines(comment));
      end = comment.end;
    }
    return block;
  }

  /** Whether code stands before the comment on its line. */
  #trails(comment: Comment): boolean {
    const lineStart = this.#source.lastIndexOf('\n', comment.start - 1) + 1;
    return this.#source.slice(lineStart, comment.start).trim() !== '';
  }
}
