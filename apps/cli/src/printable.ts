// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** Text that others wrote as a terminal may show it: it cannot move the cursor, change colours or ring the bell. */
export function printable(text: string): string {
  return text.replace(control, '');
}
