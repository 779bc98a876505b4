/** Limits of the model server. */
export const limits = {
  /** Bytes of one request's body. */
  requestBytes: 16 * 1024 * 1024,
  /** Characters that one token stands for in this server's counts. */
  charactersPerToken: 4,
  /** A prompt's prefix counts as cached in whole blocks of this many tokens, as providers do. */
  cacheBlockTokens: 128,
  /** Bytes written at a time of a body that is large on purpose. */
  blankBytes: 64 * 1024,
  /** Characters of one streamed chunk. */
  chunkCharacters: 24,
} as const;
