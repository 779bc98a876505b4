import type { Finding } from '@rewardsmith/contracts';
import { tsPlugin } from '@sveltejs/acorn-typescript';
import { Parser, tokTypes } from 'acorn';
import { countUpTo } from './count-up-to.ts';

/** What acorn's plugins may call, which its types leave out. */
declare module 'acorn' {
  interface Parser {
    pos: number;
    readonly curLine: number;
    readonly lineStart: number;
    nextToken(): void;
    readRegexp(): void;
    readWord1(): string;
    finishToken(type: TokenType, value: unknown): void;
    raise(pos: number, message: string): never;
    raiseRecoverable(pos: number, message: string): never;
  }
}

/** A regular expression from behind its first slash, up to its flags. */
const regularExpression = /((?:\\.|\[(?:\\.|[^\]\\\n\r\u2028\u2029])*\]|[^/\\[\n\r\u2028\u2029])*)\//y;

/** Stands for every regular expression. */
const unbuilt = /(?:)/;

/**
 * Reads regular expressions without building them: the language has none, and V8 takes seconds over some of a program's
 * length, in which its thread cannot be ended.
 */
export class JavaScriptParser extends Parser {
  override readRegexp(): void {
    const start = this.pos;
    regularExpression.lastIndex = start;
    const pattern = regularExpression.exec(this.input)?.[1];
    if (pattern === undefined) this.raise(start, 'Unterminated regular expression');
    this.pos = start + pattern.length + 1;
    const flags = this.readWord1();
    this.finishToken(tokTypes.regexp, { pattern, flags, value: unbuilt });
  }
}

/**
 * How often a text with TypeScript's types is read over, for each character of it and for a text of any length. The parser
 * tries whether `<` opens types or compares, and again within each try: programs as they are written come to less than 2.
 */
const READINGS = 4;
const SHORT = 20_000;

/** Ends the reading of a text that can be read in too many ways. */
export class TooManyReadings extends Error {
  readonly finding: Finding;

  constructor(line: number, column: number) {
    super('it can be read in too many ways');
    this.finding = {
      code: 'program-too-large',
      severity: 'error',
      message: 'The program has types or `<` inside one another that can be read in too many ways.',
      advice: 'Write plain JavaScript, without types.',
      line,
      column,
    };
  }
}

export const TypeScriptParser = JavaScriptParser.extend(
  tsPlugin(),
  (Base) =>
    class extends Base {
      #left = SHORT + READINGS * this.input.length;
      /** Where each line begins, once that is asked. */
      #lines: readonly number[] | undefined;

      override nextToken(): void {
        const from = this.pos;
        super.nextToken();
        this.#left -= this.pos - from + 1;
        if (this.#left < 0) throw new TooManyReadings(this.curLine, this.pos - this.lineStart);
      }

      /** As acorn does it, which counts the lines anew each time: every try that fails ends here. */
      override raise(pos: number, message: string): never {
        this.#lines ??= [0, ...this.input.matchAll(/\r\n?|[\n\u2028\u2029]/g).map((end) => end.index + end[0].length)];
        const line = countUpTo(this.#lines, pos);
        const column = pos - (this.#lines[line - 1] ?? 0);
        const error = new SyntaxError(`${message} (${line}:${column})`);
        throw Object.assign(error, { pos, loc: { line, column }, raisedAt: this.pos });
      }

      override raiseRecoverable(pos: number, message: string): never {
        return this.raise(pos, message);
      }
    },
);
