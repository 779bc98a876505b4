import type { FastifyReply } from 'fastify';

/** Aborted when the caller hangs up before it has its answer: nobody is left to work for. */
export function clientGone(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort(new ClientGone());
  });
  return gone.signal;
}

/** The caller has hung up. */
export class ClientGone extends Error {
  readonly code = 'client-gone';

  constructor() {
    super('the caller has hung up');
    this.name = 'ClientGone';
  }
}
