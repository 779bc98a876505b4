import type { Part } from './isolate.ts';

/** A rollout in parts of whole episodes, of `rows` rows and so many episodes at most, where episodes are no longer than that. */
export function* parts(episodeOffsets: Uint32Array, rows: number): Generator<Part> {
  const all = episodeOffsets.length - 1;
  const at = (episode: number): number => episodeOffsets[episode] ?? 0;
  for (let from = 0; from < all; ) {
    let to = from + 1;
    while (to < all && to - from < rows && at(to + 1) - at(from) <= rows) to += 1;
    const first = at(from);
    const offsets = episodeOffsets.slice(from, to + 1).map((offset) => offset - first);
    yield { episodes: to - from, first, rows: at(to) - first, offsets };
    from = to;
  }
}
