import type { Finding } from '@rewardsmith/contracts';
import { tsPlugin } from '@sveltejs/acorn-typescript';
import { type Comment, Parser, type Program, tokenizer } from 'acorn';
import { Comments } from './comments.ts';
import { unwrap } from './unwrap.ts';

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

interface SyntaxFault {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

const TypeScriptParser = Parser.extend(tsPlugin());

/** Reads a program: JavaScript as it stands, else without prose and fences around it, else with TypeScript's types. */
export function parse(source: string): ParseOutcome {
  const plain = attempt(Parser, source);
  const isProgram =
    plain.program?.body.some(({ type }) => /^Export|^FunctionDeclaration$|^VariableDeclaration$/.test(type)) === true;
  if (plain.program !== null && isProgram) return success(source, plain.program, plain.comments, []);
  const unwrapped = unwrap(source);
  const text = unwrapped.text;
  const inner = unwrapped.notes.length === 0 ? plain : attempt(Parser, text);
  if (inner.program !== null) return success(text, inner.program, inner.comments, unwrapped.notes);
  const typed = attempt(TypeScriptParser, text);
  if (typed.program !== null) return success(text, typed.program, typed.comments, unwrapped.notes);
  return {
    ok: false,
    finding: syntaxFinding(inner.fault ?? { message: 'it does not parse', line: 1, column: 1 }, text),
  };
}

interface Attempt {
  readonly program: Program | null;
  readonly comments: readonly Comment[];
  readonly fault: SyntaxFault | null;
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
    return { program, comments, fault: null };
  } catch (error) {
    return { program: null, comments, fault: faultOf(error) };
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
  program: Program,
  comments: readonly Comment[],
  notes: readonly Finding[],
): ParseOutcome {
  return { ok: true, parsed: { program, text, comments: new Comments(text, comments), notes } };
}

/** Habits of other languages that explain a syntax error on a line. */
const habits: readonly { readonly pattern: RegExp; readonly message: string; readonly advice: string }[] = [
  {
    pattern: /^\s*(async\s+)?def\s+\w+\s*\(/,
    message: 'This is a Python function.',
    advice: 'Write function name(…) { … }.',
  },
  {
    pattern: /^\s*(el)?if\b[^{]*:\s*$|^\s*else\s*:\s*$/,
    message: "This is Python's if.",
    advice: 'Write if (test) { … } else { … }.',
  },
  {
    pattern: /=[^=].*\bif\b.+\belse\b|\breturn\b.+\bif\b.+\belse\b|[:(,].*\bif\b.+\belse\b/,
    message: "This is Python's conditional expression.",
    advice: 'Write test ? a : b.',
  },
  {
    pattern: /\bfor\s+\w+(\s*,\s*\w+)?\s+in\b/,
    message: "This is Python's for.",
    advice: 'Write for (const x of v) { … } or v.map((x) => …).',
  },
  { pattern: /\b(and|or|not)\b/, message: "`and`, `or` and `not` are Python's.", advice: 'Write &&, || and !.' },
  { pattern: /\blambda\b/, message: '`lambda` is Python.', advice: 'Write (x) => ….' },
  {
    pattern: /\b(True|False|None)\b/,
    message: "`True`, `False` and `None` are Python's.",
    advice: 'Write true, false and undefined.',
  },
  { pattern: /^\s*#/, message: "`#` starts Python's comments.", advice: 'Write // …' },
  { pattern: /"""|'''/, message: "This is Python's text.", advice: 'Write /** … */ for a comment.' },
  {
    pattern: /\/\/(?=\s*[\w(])(?<=\w\s*\/\/)/,
    message: '`//` starts a comment here.',
    advice: 'Write Math.floor(a / b) for a whole quotient.',
  },
];

function syntaxFinding(fault: SyntaxFault, text: string): Finding {
  const line = text.split('\n')[fault.line - 1] ?? '';
  const habit = habits.find(({ pattern }) => pattern.test(line));
  const open = habit === undefined ? unclosed(text, fault) : null;
  if (open !== null) {
    return {
      code: 'syntax-error',
      severity: 'error',
      message: 'The program does not parse: a round bracket that opens here is not closed.',
      advice: 'Close the bracket where its list of arguments ends.',
      ...open,
    };
  }
  return {
    code: habit === undefined ? 'syntax-error' : 'python-syntax',
    severity: 'error',
    message:
      habit === undefined
        ? `The program does not parse: ${fault.message}.`
        : `The program does not parse: ${habit.message}`,
    advice: habit?.advice ?? 'Check the brackets and commas on this line and the one above it.',
    line: fault.line,
    column: fault.column,
  };
}

/** The innermost round bracket that is still open where parsing fails on a later line; null when there is none. */
function unclosed(text: string, fault: SyntaxFault): { line: number; column: number } | null {
  const open: { label: string; line: number; column: number }[] = [];
  try {
    for (const token of tokenizer(text, { ecmaVersion: 'latest', sourceType: 'module', locations: true })) {
      const { line, column } = token.loc?.start ?? { line: 1, column: 0 };
      if (line > fault.line || (line === fault.line && column + 1 >= fault.column)) break;
      const { label } = token.type;
      if (label === '(' || label === '{' || label === '[' || label === '${')
        open.push({ label, line, column: column + 1 });
      else if (label === ')' || label === '}' || label === ']') open.pop();
    }
  } catch {
    return null;
  }
  const last = open.at(-1);
  return last?.label === '(' && last.line < fault.line ? { line: last.line, column: last.column } : null;
}
