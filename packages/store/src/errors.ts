export type StoreErrorCode =
  | 'data-directory-locked'
  | 'data-directory-unusable'
  | 'database-unreachable'
  | 'migration-failed'
  | 'disk-full'
  | 'bad-blob-key';

/** A fault that an operator can act on: a stable code and one readable line. */
export class StoreError extends Error {
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreError';
    this.code = code;
  }
}
