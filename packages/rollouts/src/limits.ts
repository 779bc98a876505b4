/** Limits of this room; each is enforced where it is named. */
export const rolloutLimits = {
  /** Characters of one JSONL text (`readJsonl`). */
  jsonlCharacters: 256 * 1024 * 1024,
  /** Faults that are told; no row behind them is read (`readJsonl`). */
  faults: 20,
} as const;
