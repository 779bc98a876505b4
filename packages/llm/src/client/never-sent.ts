/**
 * Nothing was sent: no connection came about (`unreachable`), or the address or the key is of no use as it stands, which no further
 * try can change (`misconfigured`). No provider charges for it.
 */
export class NeverSent extends Error {
  readonly reason: 'unreachable' | 'misconfigured';

  constructor(reason: NeverSent['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

const connectFaults: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/** Faults of a TLS handshake; any other fault of TLS may come after the request was sent. */
const tlsFaults =
  /^(?:EPROTO|ERR_TLS_CERT\w+|CERT_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(?:GET|VERIFY)\w+|HOSTNAME_MISMATCH)$|^ERR_SSL_(?:WRONG_VERSION_NUMBER|UNSUPPORTED_PROTOCOL|.*(?:HANDSHAKE_FAILURE|PROTOCOL_VERSION|UNRECOGNIZED_NAME|ALERT_CERTIFICATE_\w+|ALERT_UNKNOWN_CA))$/;

export function causes(error: unknown): readonly Error[] {
  const chain: Error[] = [];
  for (let at = error; at instanceof Error && chain.length < 8; at = at.cause) chain.push(at);
  return chain;
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function connectingTooLong(error: Error): boolean {
  const code = codeOf(error);
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return true;
  // Of several addresses of a name; a connection that stood may time out too, and is then lost.
  if (error instanceof AggregateError)
    return error.errors.every((each) => each instanceof Error && connectingTooLong(each));
  return code === 'ETIMEDOUT' && 'syscall' in error && error.syscall === 'connect';
}

/** What a rejection of `fetch` says where nothing was sent; nothing where something may have been. */
export function neverSent(error: unknown): NeverSent | undefined {
  const chain = causes(error);
  const message = chain.findLast((cause) => cause.message !== '')?.message ?? '';
  if (chain.some((cause) => connectFaults.has(codeOf(cause)))) return new NeverSent('unreachable', message);
  // The client would take the word for its own deadline, which ends requests that were sent.
  if (chain.some(connectingTooLong)) return new NeverSent('unreachable', 'No connection to the endpoint came about.');
  if (chain.some((cause) => tlsFaults.test(codeOf(cause))))
    return new NeverSent('misconfigured', `No secure connection to OPENAI_BASE_URL came about: ${message}`);
  return undefined;
}
