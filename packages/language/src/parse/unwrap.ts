import type { Finding } from '@rewardsmith/contracts';
import type { NoteCode } from '../codes.ts';

/** A reading of an answer: the text of the program, and what was taken off around it. */
export interface Reading {
  readonly text: string;
  readonly notes: readonly Finding[];
}

const fence = /^\s*(?:```|~~~)\s*([\w+-]*)/;
const opening =
  /^\s*(['"]use strict|export\b|import\b|const\b|let\b|var\b|function\b|async\b|class\b|interface\b|declare\b|enum\b|type\s+\w.*=|\/\/|\/\*)/;
/** Code of another language, which is a fault of the program and no prose around it. */
const foreign =
  /^\s*(def\s+\w+\s*\(|class\s+\w.*:\s*$|from\s+\w+\s+import\b|import\s+\w+(\s+as\s+\w+)?\s*$|return\b|@\w+)/;
/** From the last bracket on: what comes in front of it does not matter. */
const closing = /[}\])][;,]*\s*($|\/\/|\*\/$)|^\s*\*\/\s*$|;\s*($|\/\/)/;
const declaresEntry = /\b(reward|success)\b\s*[=(:]|\bexport\s+default\b/;

/**
 * How a program can stand in what a model answers: inside Markdown fences, or between sentences. What is taken off is
 * blanked, so that every place in the program stays where it was. The likeliest reading comes first.
 */
export function unwrap(source: string): readonly Reading[] {
  const lines = source.split('\n');
  const fences = lines.flatMap((line, index) => (fence.test(line) ? [index] : []));
  return fences.length > 0 ? fenced(lines, fences) : [withoutSentences(source, lines)];
}

function withoutSentences(source: string, lines: readonly string[]): Reading {
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

interface Block {
  readonly start: number;
  readonly end: number;
  readonly language: string;
}

/** All blocks as one program; then the last one with the function, else the longest. */
function fenced(lines: readonly string[], fences: readonly number[]): readonly Reading[] {
  const blocks = blocksOf(lines, fences).filter(({ language }) =>
    /^(|js|jsx|javascript|mjs|ts|typescript)$/i.test(language),
  );
  const body = (block: Block): readonly string[] => lines.slice(block.start + 1, block.end);
  const withEntry = blocks.filter((block) => body(block).some((line) => declaresEntry.test(line)));
  const longest = blocks.toSorted((a, b) => b.end - b.start - (a.end - a.start))[0];
  const chosen = withEntry.at(-1) ?? longest;
  if (chosen === undefined) return [withoutSentences(lines.join('\n'), lines)];
  const joined = blocks.length > 1 ? [reading(lines, blocks)] : [];
  return [...joined, reading(lines, [chosen])];
}

/** Fences come in pairs; one that closes only has the program above it. */
function blocksOf(lines: readonly string[], fences: readonly number[]): readonly Block[] {
  const [first = 0] = fences;
  const above = lines.slice(0, first).some((line) => declaresEntry.test(line) && opening.test(line));
  const starts = above && fences.length % 2 === 1 ? [-1, ...fences] : fences;
  return starts.flatMap((start, index) => {
    if (index % 2 === 1) return [];
    return [{ start, end: starts[index + 1] ?? lines.length, language: fence.exec(lines[start] ?? '')?.[1] ?? '' }];
  });
}

function reading(lines: readonly string[], blocks: readonly Block[]): Reading {
  const inside = new Set<number>();
  for (const { start, end } of blocks) for (let index = start + 1; index < end; index++) inside.add(index);
  const text = lines.map((line, index) => (inside.has(index) ? line : '')).join('\n');
  const at = Math.max(0, blocks[0]?.start ?? 0);
  const notes = [note('markdown-fence', 'The Markdown fence around the code was taken off.', at)];
  const prose = lines.findIndex((line, index) => !inside.has(index) && !fence.test(line) && line.trim() !== '');
  if (prose !== -1) notes.push(note('prose-around-code', 'Text outside the fence was taken off.', prose));
  return { text, notes };
}

/** Prose that happens to begin like code: `let me explain how …`. */
function isSentence(line: string): boolean {
  const text = line.trim();
  return (
    /^(let|const|function|import|type|class|enum)\s+(me|us|the|that|a|is|of|it)\b/i.test(text) && !/[=({;]/.test(text)
  );
}

export function note(code: NoteCode, message: string, index: number): Finding {
  return { code, severity: 'note', message, advice: 'Answer with the program alone.', line: index + 1, column: 1 };
}
