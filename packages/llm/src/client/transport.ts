import OpenAI from 'openai';
import { limits } from '../limits.ts';
import type { CallOutcome } from '../outcome.ts';
import type { Message, ModelRequest } from '../request.ts';
import type { Capabilities } from './capabilities.ts';
import { cappedFetch } from './capped-fetch.ts';
import { faultOf, tellable } from './fault.ts';
import { readCompletion } from './reading.ts';
import { redactor } from './redact.ts';

export interface WireRequest extends ModelRequest {
  /** JSON schema that the endpoint is asked to hold the answer to. */
  readonly schema: { readonly name: string; readonly schema: Readonly<Record<string, unknown>> } | undefined;
}

/** Sends one request once and names what came of it. It never throws for what a provider does. */
export interface Transport {
  send(request: WireRequest, capabilities: Capabilities, signal: AbortSignal): Promise<CallOutcome>;
  /** Names of the models that the endpoint serves; throws when it does not say. */
  models(signal: AbortSignal): Promise<readonly string[]>;
}

/** Messages for a model whose template knows no system role: what it would say stands at the head of the first message. */
function withoutSystem(messages: readonly Message[]): readonly Message[] {
  const [system, first, ...rest] = messages;
  if (system?.role !== 'system' || first === undefined) return messages;
  return [{ ...first, content: `${system.content}\n\n${first.content}` }, ...rest];
}

function parameters(request: WireRequest, capabilities: Capabilities) {
  const { model, messages, temperature, effort, maxTokens, schema } = request;
  return {
    model,
    messages: (capabilities.systemRole ? messages : withoutSystem(messages)).map(({ role, content }) => ({
      role,
      content,
    })),
    ...(capabilities.maxCompletionTokens ? { max_completion_tokens: maxTokens } : { max_tokens: maxTokens }),
    ...(temperature !== undefined && capabilities.temperature ? { temperature } : {}),
    ...(effort !== undefined && capabilities.effort ? { reasoning_effort: effort } : {}),
    ...(schema !== undefined && capabilities.jsonSchema
      ? {
          response_format: {
            type: 'json_schema' as const,
            json_schema: { name: schema.name, strict: true, schema: schema.schema },
          },
        }
      : {}),
  };
}

/** The transport over HTTP, by the `openai` package with its own retries off: retries are counted and paid here. */
export function createTransport(
  settings: { readonly baseUrl: string; readonly apiKey: string; readonly timeoutMilliseconds: number },
  now: () => number,
): Transport {
  const redact = redactor(settings.apiKey);
  const client = new OpenAI({
    baseURL: settings.baseUrl,
    apiKey: settings.apiKey,
    organization: null,
    project: null,
    maxRetries: 0,
    timeout: settings.timeoutMilliseconds,
    fetch: cappedFetch(limits.answerBytes),
    logLevel: 'off',
  });
  return {
    async send(request, capabilities, signal) {
      // The client's timeout ends with the headers; a body that stalls must end too.
      const deadline = AbortSignal.timeout(settings.timeoutMilliseconds);
      let body: unknown;
      try {
        body = await client.chat.completions.create(parameters(request, capabilities), {
          signal: AbortSignal.any([signal, deadline]),
        });
      } catch (error) {
        return faultOf(error, { timedOut: deadline.aborted && !signal.aborted, now: now(), redact });
      }
      return tellable(readCompletion(body, request.model), redact);
    },
    async models(signal) {
      try {
        const page = await client.models.list({ signal });
        return page.data.map(({ id }) => id);
      } catch (error) {
        throw new Error(redact(error instanceof Error ? error.message : String(error)));
      }
    },
  };
}
