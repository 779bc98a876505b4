/** A text of bounded length, which says so where it was cut: names and messages of a model's making can be of any length. */
export function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)} … (cut)` : text;
}
