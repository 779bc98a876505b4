import { isRecord, textOr } from '@rewardsmith/contracts';

/** One fault of a request as FastAPI lists them: where it is, and what it is. */
function faultText(fault: unknown): string {
  if (!isRecord(fault)) return textOr(fault);
  const { loc, msg } = fault;
  return `${Array.isArray(loc) ? `${loc.join('.')}: ` : ''}${textOr(msg)}`;
}

function read(text: string): Readonly<Record<string, unknown>> {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { message: text };
  }
  if (!isRecord(body)) return { message: text };
  const { error, detail, message, code, type, param } = body;
  if (isRecord(error)) return error;
  if (typeof error === 'string') return { message: error };
  if (typeof message === 'string') return { message, code, type, param };
  if (Array.isArray(detail)) return { message: detail.map(faultText).join('; ') };
  return { message: typeof detail === 'string' ? detail : text };
}

/**
 * The body of an error in OpenAI's form, in which alone the client library reads it: vLLM has its message at the top, FastAPI a
 * `detail`, Ollama a text, proxies a page of HTML.
 */
export function errorBody(text: string): string {
  return JSON.stringify({ error: read(text) });
}
