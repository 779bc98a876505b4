import type { Finding } from '@rewardsmith/contracts';
import type { Comment, Parser, Program } from 'acorn';
import { Comments } from './comments.ts';
import { fromJson } from './json.ts';
import { JavaScriptParser, TooManyReadings, TypeScriptParser } from './parsers.ts';
import { type SyntaxFault, syntaxFinding } from './syntax-fault.ts';
import { type Reading, unwrap } from './unwrap.ts';

export interface Parsed {
  readonly program: Program;
  /** The program's text with everything that is not part of it blanked out, so that places stay true. */
  readonly text: string;
  readonly comments: Comments;
  readonly notes: readonly Finding[];
}

export type ParseOutcome =
  | { readonly ok: true; readonly parsed: Parsed }
  | { readonly ok: false; readonly finding: Finding };

export const tooDeep: Finding = {
  code: 'program-too-large',
  severity: 'error',
  message: 'The program is nested too deeply to be read.',
  advice: 'Flatten its expressions: name their parts.',
  line: 1,
  column: 1,
};

const noProgram: Finding = {
  code: 'no-program',
  severity: 'error',
  message: 'There is no program in the text.',
  advice: 'Answer with one ES module that exports `reward`.',
  line: 1,
  column: 1,
};

/** Reads a program: JavaScript as it stands, else without prose, fences and JSON around it, else with TypeScript's types. */
export function parse(source: string): ParseOutcome {
  const plain = attempt(JavaScriptParser, source);
  const isProgram =
    plain.program?.body.some(({ type }) => /^Export|^FunctionDeclaration$|^VariableDeclaration$/.test(type)) === true;
  if (plain.program !== null && isProgram) return success(source, { ...plain, program: plain.program }, []);
  const inJson = fromJson(source);
  const readings = inJson === null ? unwrap(source) : unwrapped(inJson);
  for (const parser of [JavaScriptParser, TypeScriptParser]) {
    for (const { text, notes } of readings) {
      const tried = attempt(parser, text);
      if (tried.program !== null) return success(text, { ...tried, program: tried.program }, notes);
      if (tried.refusal !== null) return { ok: false, finding: tried.refusal };
    }
  }
  if (!/\bfunction\b|=>|\bexport\b|\bconst\b|\breturn\b|\bdef\b/.test(source)) return { ok: false, finding: noProgram };
  const text = readings.at(-1)?.text ?? source;
  const given = attempt(JavaScriptParser, text).fault;
  // The parser descends into every sign and every bracket.
  if (given !== null && /stack/.test(given.message)) return { ok: false, finding: tooDeep };
  const fault = given ?? { message: 'it does not parse', line: 1, column: 1 };
  return { ok: false, finding: syntaxFinding(fault, text) };
}

/** What stands in a JSON answer may have fences of its own. */
function unwrapped(inJson: Reading): readonly Reading[] {
  return unwrap(inJson.text).map(({ text, notes }) => ({ text, notes: [...inJson.notes, ...notes] }));
}

interface Attempt {
  readonly program: Program | null;
  readonly comments: readonly Comment[];
  readonly fault: SyntaxFault | null;
  /** Why no other reading is tried. */
  readonly refusal: Finding | null;
}

function attempt(parser: typeof Parser, text: string): Attempt {
  const comments: Comment[] = [];
  try {
    const program = parser.parse(text, {
      ecmaVersion: 'latest',
      sourceType: 'module',
      locations: true,
      onComment: comments,
    });
    return { program, comments, fault: null, refusal: null };
  } catch (error) {
    const refusal = error instanceof TooManyReadings ? error.finding : null;
    return { program: null, comments, fault: faultOf(error), refusal };
  }
}

function faultOf(error: unknown): SyntaxFault {
  if (!(error instanceof Error)) return { message: 'it does not parse', line: 1, column: 1 };
  const loc = 'loc' in error && typeof error.loc === 'object' && error.loc !== null ? error.loc : {};
  const line = 'line' in loc && typeof loc.line === 'number' ? loc.line : 1;
  const column = 'column' in loc && typeof loc.column === 'number' ? loc.column + 1 : 1;
  return { message: error.message.replace(/ \(\d+:\d+\)$/, ''), line, column };
}

function success(
  text: string,
  { program, comments }: { readonly program: Program; readonly comments: readonly Comment[] },
  notes: readonly Finding[],
): ParseOutcome {
  return { ok: true, parsed: { program, text, comments: new Comments(text, comments), notes } };
}
