import type { Finding } from '@rewardsmith/contracts';

interface Unwrapped {
  readonly text: string;
  readonly notes: readonly Finding[];
}

const fence = /^\s*(```|~~~)/;
const opening =
  /^\s*(export\b|import\b|const\b|let\b|var\b|function\b|async\b|class\b|interface\b|type\s+\w+\s*=|\/\/|\/\*)/;
/** Code of another language, which is a fault of the program and no prose around it. */
const foreign = /^\s*(def\s+\w+\s*\(|class\s+\w+.*:\s*$|from\s+\w+\s+import\b|return\b|@\w+)/;
const closing = /[}\])]+[;,)]*\s*(\/\/.*|\*\/)?$|^\s*\*\/\s*$|;\s*(\/\/.*)?$/;

/**
 * Takes off what models write around a program: a Markdown fence, or sentences before and after the code.
 * What is taken off is blanked, so that every place in the program stays where it was.
 */
export function unwrap(source: string): Unwrapped {
  const lines = source.split('\n');
  const fences = lines.flatMap((line, index) => (fence.test(line) ? [index] : []));
  if (fences.length > 0) return fenced(lines, fences);
  const first = lines.findIndex((line) => opening.test(line) && !isSentence(line));
  const last = lines.findLastIndex((line) => closing.test(line) && !isSentence(line));
  if (first === -1 || last < first) return { text: source, notes: [] };
  const outside = lines.map((line, index) => (index < first || index > last) && line.trim() !== '');
  if (lines.some((line, index) => outside[index] && foreign.test(line))) return { text: source, notes: [] };
  const at = outside.indexOf(true);
  if (at === -1) return { text: source, notes: [] };
  const text = lines.map((line, index) => (outside[index] ? '' : line)).join('\n');
  return { text, notes: [note('prose-around-code', 'Sentences around the code were taken off.', at)] };
}

/** The fenced block that holds the program: the longest one that exports something, else the longest. */
function fenced(lines: readonly string[], fences: readonly number[]): Unwrapped {
  const blocks = fences.flatMap((start, index) =>
    index % 2 === 0 ? [{ start, end: fences[index + 1] ?? lines.length }] : [],
  );
  const size = (block: { start: number; end: number }): number => {
    const body = lines.slice(block.start + 1, block.end);
    return body.length + (body.some((line) => /^\s*export\b/.test(line)) ? 1e6 : 0);
  };
  const chosen = blocks.toSorted((a, b) => size(b) - size(a))[0];
  if (chosen === undefined) return { text: lines.join('\n'), notes: [] };
  const text = lines.map((line, index) => (index > chosen.start && index < chosen.end ? line : '')).join('\n');
  const notes = [note('markdown-fence', 'The Markdown fence around the code was taken off.', chosen.start)];
  const prose = lines.findIndex((line, index) => (index < chosen.start || index > chosen.end) && line.trim() !== '');
  if (prose !== -1) notes.push(note('prose-around-code', 'Text outside the fence was taken off.', prose));
  return { text, notes };
}

/** Prose that happens to begin like code: `let me explain how …`. */
function isSentence(line: string): boolean {
  const text = line.trim();
  return /^(let|const|function|import|type|class)\s+(me|us|the|that|a|is|of|it)\b/i.test(text) && !/[=({;]/.test(text);
}

function note(code: string, message: string, index: number): Finding {
  return { code, severity: 'note', message, advice: 'Answer with the program alone.', line: index + 1, column: 1 };
}
