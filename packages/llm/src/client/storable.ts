/**
 * Text of a provider as a database takes it: no NUL and no half of a surrogate pair, which neither PostgreSQL's text nor
 * its JSON can hold. A model that writes them must not be able to stop a task.
 */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '');
}
