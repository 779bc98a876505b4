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

/** The known name nearest to `name`: few edits, or shared words; null when nothing is near. */
export function nearest(name: string, known: Iterable<string>): string | null {
  let best: string | null = null;
  let bestScore = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const edits = editDistance(name, candidate) / Math.max(name.length, candidate.length);
    const shared = words(name).filter((word) => word.length > 1 && words(candidate).includes(word)).length;
    const score = edits - (0.5 * shared) / Math.max(words(name).length, words(candidate).length);
    if (score < bestScore) {
      best = candidate;
      bestScore = score;
    }
  }
  return bestScore <= 0.5 ? best : null;
}

/** ` Did you mean x?`, or a list of what there is. */
export function suggestion(name: string, known: Iterable<string>): string {
  const names = [...new Set(known)];
  const near = nearest(name, names);
  if (near !== null) return `Did you mean \`${near}\`?`;
  if (names.length === 0) return 'There are none.';
  return `Known: ${names.slice(0, 30).join(', ')}${names.length > 30 ? ', …' : ''}.`;
}
