import type { Finding } from '@rewardsmith/contracts';
import { tokenizer } from 'acorn';

export interface SyntaxFault {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

/** Habits of other languages that explain a syntax error on a line. */
const habits: readonly { readonly pattern: RegExp; readonly message: string; readonly advice: string }[] = [
  {
    pattern: /^\s*(async\s+)?def\s+\w+\s*\(/,
    message: 'This is a Python function.',
    advice: 'Write function name(…) { … }.',
  },
  {
    pattern: /^\s*import\s+\w+(\s+as\s+\w+)?\s*$|^\s*from\s+\w+\s+import\b/,
    message: 'This is a Python import.',
    advice: 'Drop it: Math and the standard library are built in.',
  },
  { pattern: /^\s*(\}\s*)?elif\b/, message: '`elif` is Python.', advice: 'Write else if (…) { … }.' },
  { pattern: /[‘’“”]/, message: 'Typographic quotes are no part of a program.', advice: 'Write \' or ".' },
  {
    pattern: /\bf(['"]).*\1/,
    message: "This is Python's formatted text.",
    advice: 'Leave the text out: components are numbers.',
  },
  {
    pattern: /\w\s*\[[^[\]?{:]*:([^[\]]|\[[^[\]]*\])*\]/,
    message: "This is Python's slice.",
    advice: 'Write v.slice(from, to).',
  },
  { pattern: /\bis\s+(not\s+)?\w+/, message: '`is` is Python.', advice: 'Write === or !==.' },
  {
    pattern: /^\s*(el)?if\b[^{]*:\s*($|\/\/|#)|^\s*else\s*:\s*$|^\s*(while|for|try|with|class)\b[^{(]*:\s*$/,
    message: "This is Python's block.",
    advice: 'Write if (test) { … } else { … }, with round and curly brackets.',
  },
  {
    // From what it is a part of to the first `if` behind that, to the first `else` behind that.
    pattern:
      /^(?:(?!=[^=]|\breturn\b|[:(,]).)*(?:=[^=]|\breturn\b.|[:(,])(?:(?!\bif\b).)*\bif\b.(?:(?!\belse\b).)*\belse\b/,
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

interface Rule {
  readonly pattern: RegExp;
  /** What the line looks like. */
  readonly on: RegExp;
  readonly message: string;
  readonly advice: string;
}

/** Rules of JavaScript itself that are easily missed. */
const rules: readonly Rule[] = [
  {
    pattern: /^Unexpected token/,
    on: /[-+!]\s*[\w.]+(\([^()]*(\([^()]*\)[^()]*)*\)|\[[^[\]]*\])*\s*\*\*|[-+!]\s*\([^()]*\)\s*\*\*/,
    message: 'a sign before a power needs brackets, as it is not clear which comes first.',
    advice: 'Write -(x ** 2) or (-x) ** 2.',
  },
  {
    pattern: /^Illegal 'use strict'/,
    on: /^/,
    message: "'use strict' may not stand in a function that takes its arguments apart.",
    advice: 'Drop it: a module is strict as it is.',
  },
];

/** What a syntax error is called: by the habit that explains it, or by the bracket that is still open. */
export function syntaxFinding(fault: SyntaxFault, text: string): Finding {
  const line = text.split('\n')[fault.line - 1] ?? '';
  const habit = habits.find(({ pattern }) => pattern.test(line));
  const open = habit === undefined ? unclosed(text, fault) : null;
  const block = habit === undefined && open === null ? unclosedBlock(text, fault) : null;
  if (block !== null) {
    return {
      code: 'syntax-error',
      severity: 'error',
      message: 'The program does not parse: the block that opens here is not closed.',
      advice: 'Close it by } where its lines end.',
      ...block,
    };
  }
  if (open !== null) {
    return {
      code: 'syntax-error',
      severity: 'error',
      message: 'The program does not parse: a round bracket that opens here is not closed.',
      advice: 'Close the bracket where its list of arguments ends.',
      ...open,
    };
  }
  const rule = rules.find(({ pattern, on }) => pattern.test(fault.message) && on.test(line));
  if (habit === undefined && rule !== undefined) {
    const message = `The program does not parse: ${rule.message}`;
    const { advice } = rule;
    return { code: 'syntax-error', severity: 'error', message, advice, line: fault.line, column: fault.column };
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

/** Where the text ends inside a block: the block whose lines end without a bracket at its own depth. */
function unclosedBlock(text: string, fault: SyntaxFault): { line: number; column: number } | null {
  const lines = text.split('\n');
  if (lines.slice(fault.line).some((line) => line.trim() !== '') || !/^[\s})\];]*$/.test(lines[fault.line - 1] ?? ''))
    return null;
  // Those that open and are not closed so far, each deeper than the one before; the first that no line closes is told.
  const open: { readonly index: number; readonly depth: number }[] = [];
  let first: number | null = null;
  const leave = (index: number): void => {
    first = Math.min(first ?? index, index);
  };
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const depth = line.length - line.trimStart().length;
    while ((open.at(-1)?.depth ?? -1) >= depth) {
      const last = open.pop();
      if (last !== undefined && !/^\s*\}/.test(line)) leave(last.index);
    }
    if (/\{\s*$/.test(line)) open.push({ index, depth });
  }
  for (const { index } of open) leave(index);
  return first === null ? null : { line: first + 1, column: (lines[first] ?? '').trimEnd().length };
}
