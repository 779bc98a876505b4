/** Levenshtein distance (Wagner and Fischer, 1974), ignoring case. */
function editDistance(a: string, b: string): number {
  const letters = [...a.toLowerCase()];
  const others = [...b.toLowerCase()];
  const row = others.map((_, index) => index + 1);
  let whole = letters.length === 0 ? others.length : 0;
  for (const [i, letter] of letters.entries()) {
    // The distances of one letter less, up to the letter that the next is compared with, and of this one.
    let [before, left] = [i, i + 1];
    for (let j = 0; j < others.length; j++) {
      const above = row[j] ?? 0;
      left = Math.min(before + (letter === others[j] ? 0 : 1), above + 1, left + 1);
      row[j] = left;
      before = above;
    }
    whole = left;
  }
  return whole;
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

/** Letters that are compared for a suggestion, at most. */
export const suggestionCost = (name: string, known: readonly string[]): number =>
  known.length + Math.min(name.length, LONGEST) * Math.min(known.length, MOST) * LONGEST;

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
