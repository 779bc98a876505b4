import { errorBody } from './error-body.ts';
import { neverSent } from './never-sent.ts';

/** The answer's body was longer than is read. */
export class AnswerTooLarge extends Error {}

/**
 * A `fetch` whose body ends with `AnswerTooLarge` after `bytes`: a provider that never stops cannot fill the memory.
 * The connection is closed at once. The body of an error is read here, and put into the form that the client knows. Where nothing was
 * sent it rejects with `NeverSent`, since the client passes on no cause of what it takes for a timeout.
 */
export function cappedFetch(bytes: number): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init).catch((error: unknown) => {
      throw neverSent(error) ?? error;
    });
    if (response.body === null) return response;
    let left = bytes;
    const capped = response.body.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          left -= chunk.byteLength;
          if (left < 0)
            controller.error(
              new AnswerTooLarge(`The answer is longer than ${bytes} bytes, and was not read to its end.`),
            );
          else controller.enqueue(chunk);
        },
      }),
    );
    const { status, statusText, headers } = response;
    if (response.ok) return new Response(capped, { status, statusText, headers });
    const text = await new Response(capped).text().catch((error: unknown) => {
      // Who gave up while the body came is told so; of an endpoint that broke off its status is what is known.
      const endpointBroke = error instanceof AnswerTooLarge || error instanceof TypeError;
      if (init?.signal?.aborted === true || !endpointBroke) throw error;
      return error.message;
    });
    return new Response(errorBody(text), { status, statusText, headers });
  };
}
