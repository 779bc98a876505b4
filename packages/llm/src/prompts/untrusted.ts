/** An element's mark, with blanks and what cannot be seen between its parts or without. */
const mark = /<((?:[\s\p{Cf}]*\/)?[\s\p{Cf}]*)(task|environment-source|feedback|words)\b/giu;

/**
 * Text of a user as it may stand in a prompt: it can neither close the element or the fence that it stands in, nor open
 * another, with blanks in it or without, so that where it begins and ends stays plain. What it says is still only said by the user.
 */
export function untrusted(text: string): string {
  return text.replace(mark, '‹$1$2').replace(/```|~~~/g, "'''");
}
