/** Levenshtein distance (Wagner and Fischer, 1974), ignoring case. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a.toLowerCase()].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b.toLowerCase()].entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

/** The words of a name: `forwardVelocity` and `forward_velocity` both hold forward and velocity. */
const words = (name: string): string[] => name.split(/(?=[A-Z])|_/).map((word) => word.toLowerCase());

/** The share of letters that differ. */
const editShare = (a: string, b: string): number => editDistance(a, b) / Math.max(a.length, b.length);

/** Past this share of edits a name is near by a word that both hold alone, which `velocity` and `angularVelocity` do. */
const byWordAlone = 0.4;

/** Letters of a name up to which others are looked for, and names that are looked at: both may be a stranger's, and very many. */
const LONGEST = 64;
const MOST = 128;

/** The known names nearest to `name`, best first: few edits, or shared words. */
export function nearest(name: string, known: Iterable<string>): readonly string[] {
  const score = (candidate: string): number => {
    const edits = editShare(name, candidate);
    const shared = words(name).filter((word) => word.length > 1 && words(candidate).includes(word)).length;
    return edits - (0.5 * shared) / Math.max(words(name).length, words(candidate).length);
  };
  if (name.length > LONGEST) return [];
  return [...new Set(known)]
    .filter(({ length }) => length <= LONGEST)
    .slice(0, MOST)
    .map((candidate) => ({ candidate, score: score(candidate) }))
    .filter((each) => each.score <= 0.5)
    .toSorted((a, b) => a.score - b.score)
    .map(({ candidate }) => candidate);
}

/** `Did you mean …?`, a list of what there is, or both where the nearest name is near by a word alone. */
export function suggestion(name: string, known: Iterable<string>): string {
  const names = [...new Set(known)];
  const near = nearest(name, names).slice(0, 3);
  const meant = `Did you mean ${near.map((each) => `\`${each}\``).join(' or ')}?`;
  if (near.some((each) => editShare(name, each) <= byWordAlone)) return meant;
  if (names.length === 0) return 'There are none.';
  const list = `Known: ${names.slice(0, 30).join(', ')}${names.length > 30 ? ', …' : ''}.`;
  return near.length > 0 ? `${meant} ${list}` : list;
}
