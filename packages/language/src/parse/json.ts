import { note, type Reading } from './unwrap.ts';

/** Whether a line goes on with a bracket or a sign behind the name of a program's function. */
function holdsProgram(text: string): boolean {
  return text.split('\n').some((line) => {
    const named = line.search(/\b(reward|success)\b/);
    return named !== -1 && /[({=]/.test(line.slice(named));
  });
}

/**
 * The program inside a JSON answer, such as `{ "thoughts": "…", "code": "export function reward…" }`, or text whose line
 * breaks are written `\n`. Places then count within the program. Null when the answer is neither.
 */
export function fromJson(source: string): Reading | null {
  const bare = withoutLastFence(source.replace(/^\s*(```|~~~)\w*\s*\n/, ''));
  const text = longestProgram(read(bare)) ?? escaped(bare);
  if (text === null) return null;
  return { text, notes: [note('json-around-code', 'The program was taken out of a JSON answer.', 0)] };
}

/** The text above a fence that closes it. */
function withoutLastFence(text: string): string {
  const whole = text.trimEnd();
  if (!whole.endsWith('```') && !whole.endsWith('~~~')) return text;
  const above = whole.slice(0, -3);
  const end = above.indexOf('\n', above.trimEnd().length);
  return end === -1 ? text : text.slice(0, end);
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
  if (typeof value === 'string') return holdsProgram(value) ? value : null;
  if (typeof value !== 'object' || value === null) return null;
  const found = Object.values(value).map(longestProgram);
  return found.reduce((best, each) => ((each?.length ?? 0) > (best?.length ?? 0) ? each : best), null);
}

function escaped(text: string): string | null {
  const trimmed = text.trim();
  if (trimmed.includes('\n') || !trimmed.includes('\\n') || !holdsProgram(trimmed)) return null;
  try {
    const decoded: unknown = JSON.parse(`"${trimmed.replace(/(?<!\\)"/g, '\\"')}"`);
    return typeof decoded === 'string' ? decoded : null;
  } catch {
    return null;
  }
}
