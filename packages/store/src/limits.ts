/** Limits of the store. */
export const limits = {
  poolConnections: 10,
  /** Wait before a lost notification connection is opened again. */
  reconnectMilliseconds: 1_000,
} as const;
