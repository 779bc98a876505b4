/** Limits of this room; each is enforced where it is named. */
export const rolloutLimits = {
  /** Characters of one JSONL text (`readJsonl`). */
  jsonlCharacters: 256 * 1024 * 1024,
  /** Faults listed before the rest is only counted (`readJsonl`). */
  faults: 20,
} as const;
