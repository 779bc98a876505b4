// Control characters but tab and line ends, and marks that turn the direction of text, which make it look like another.
const unseen = /(?![\t\n\r])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Text of a provider as it may be kept and shown: no NUL and no half of a surrogate pair, which neither PostgreSQL's text nor
 * its JSON can hold, nothing that moves a terminal's cursor, and nothing that shows one text and is another (Boucher and Anderson,
 * "Trojan Source", 2021). A model that writes them must not be able to stop a task or to mislead who reads it.
 */
export function storable(text: string): string {
  return text.toWellFormed().replace(unseen, '');
}
