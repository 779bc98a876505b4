import { note, type Reading } from './unwrap.ts';

const holdsProgram = /\b(reward|success)\b[^\n]*[({=]/;

/**
 * The program inside a JSON answer, such as `{ "thoughts": "…", "code": "export function reward…" }`, or text whose line
 * breaks are written `\n`. Places then count within the program. Null when the answer is neither.
 */
export function fromJson(source: string): Reading | null {
  const bare = source.replace(/^\s*(```|~~~)\w*\s*\n/, '').replace(/\n\s*(```|~~~)\s*$/, '');
  const text = longestProgram(read(bare)) ?? escaped(bare);
  if (text === null) return null;
  return { text, notes: [note('json-around-code', 'The program was taken out of a JSON answer.', 0)] };
}

function read(text: string): unknown {
  if (!/^\s*[{["]/.test(text)) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function longestProgram(value: unknown): string | null {
  if (typeof value === 'string') return holdsProgram.test(value) ? value : null;
  if (typeof value !== 'object' || value === null) return null;
  const found = Object.values(value).map(longestProgram);
  return found.reduce((best, each) => ((each?.length ?? 0) > (best?.length ?? 0) ? each : best), null);
}

function escaped(text: string): string | null {
  const trimmed = text.trim();
  if (trimmed.includes('\n') || !trimmed.includes('\\n') || !holdsProgram.test(trimmed)) return null;
  try {
    const decoded: unknown = JSON.parse(`"${trimmed.replace(/(?<!\\)"/g, '\\"')}"`);
    return typeof decoded === 'string' ? decoded : null;
  } catch {
    return null;
  }
}
