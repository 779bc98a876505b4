/** What PostgreSQL's `jsonb` does not take, as JSON spells it: U+0000, and halves of surrogate pairs. */
const unheld = /\\u(?:0000|d[89a-f][0-9a-f]{2})/;

/** A text as a column holds it, with U+FFFD for what it cannot hold: what is said of a program, or of a fault, may quote any name. */
export const storedText = (text: string): string => text.toWellFormed().replaceAll('\0', '\ufffd');

/**
 * A value as a column of JSON holds it, with U+FFFD for what it cannot hold: a program can name such a text by its escapes, and what is said of it
 * must not keep a row from being written.
 */
export function json(value: unknown): string {
  const text = JSON.stringify(value);
  if (!unheld.test(text)) return text;
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === 'string') return storedText(part);
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).map(([name, entry]) => [storedText(name), entry]));
  });
}

export function jsonOrNull(value: unknown): string | null {
  return value === null || value === undefined ? null : json(value);
}
