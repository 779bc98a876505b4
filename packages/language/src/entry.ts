/** Each part of it ends at a line's end or at the next brace: it reads any text in one go. */
const exported = (name: string): RegExp =>
  new RegExp(
    `\\bexport\\s+(?:default\\s+)?(?:function|const|let|var)\\s+${name}\\b|\\bexport\\s*\\{[^{}]*\\b${name}\\b|^[^\\S\\n\\r\\u2028\\u2029]*(?:function|const|let|var)\\s+${name}\\b`,
    'm',
  );

/** Which function a program is written for: one that has `success` and no `reward` is a fitness program. */
export function entryOf(source: string): 'reward' | 'success' {
  return exported('success').test(source) && !exported('reward').test(source) ? 'success' : 'reward';
}
