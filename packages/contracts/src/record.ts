/** Whether a value of unknown origin is an object with named properties. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text, or an empty one for anything else. */
export function textOr(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
