/**
 * A text of bounded length, with a mark where it was cut. It is cut between characters: neither PostgreSQL's JSON nor a strict reader
 * takes half of a surrogate pair.
 */
export function shortened(text: string, length: number, mark = '…'): string {
  if (text.length <= length) return text;
  const last = text.charCodeAt(length - 1);
  const whole = last >= 0xd800 && last <= 0xdbff ? length - 1 : length;
  return `${text.slice(0, whole)}${mark}`;
}

/** A text as one line of bounded length, however it was laid out. */
export function shortenedLine(text: string, length: number): string {
  return shortened(text.replace(/\s+/g, ' ').trim(), length);
}
