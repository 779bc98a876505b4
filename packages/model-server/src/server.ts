import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { type Account, Accountant } from './account.ts';
import { Behaviour, type BehaviourInput } from './behaviour.ts';
import { type Completion, completionBody, completionChunks } from './completion.ts';
import { limits } from './limits.ts';
import { ChatRequest } from './request.ts';
import { performScript, Script, type ScriptInput } from './script.ts';

export interface ModelServer {
  /** What a client's base URL is set to: `http://127.0.0.1:port/v1`. */
  readonly url: string;
  /** Every request body, in the order of arrival. */
  readonly requests: readonly ChatRequest[];
  readonly account: Account;
  close(): Promise<void>;
}

export interface ModelServerOptions {
  /** A script, or a function that decides each answer. */
  readonly script: ScriptInput | ((request: ChatRequest) => BehaviourInput);
  readonly supports?: ScriptInput['supports'];
  /** What `GET /v1/models` lists. */
  readonly models?: readonly string[];
  readonly port?: number;
}

function json(response: ServerResponse, status: number, body: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
}

function errorBody(message: string, code: string | undefined, param: string | undefined): string {
  return JSON.stringify({
    error: { message, type: 'invalid_request_error', param: param ?? null, code: code ?? null },
  });
}

function* blanks(bytes: number): Generator<string> {
  for (let sent = 0; sent < bytes; sent += limits.blankBytes) yield ' '.repeat(limits.blankBytes);
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    size += (part as Buffer).length;
    if (size > limits.requestBytes) throw new RangeError('the request is too large');
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** The first parameter of a request that the server is told not to know. */
function unsupported(request: ChatRequest, supports: Script['supports']): string | undefined {
  if (!supports.jsonSchema && request.response_format?.type === 'json_schema') return 'response_format';
  if (!supports.maxCompletionTokens && request.max_completion_tokens != null) return 'max_completion_tokens';
  if (!supports.temperature && request.temperature != null) return 'temperature';
  if (!supports.reasoningEffort && request.reasoning_effort != null) return 'reasoning_effort';
  return undefined;
}

/** One running server: reads requests, keeps the account, and answers as the script says. */
class ScriptedServer {
  readonly requests: ChatRequest[] = [];
  readonly accountant = new Accountant();
  readonly #answer: (request: ChatRequest) => Behaviour;
  readonly #supports: Script['supports'];
  readonly #models: readonly string[];

  constructor({ script, supports, models = ['scripted'] }: ModelServerOptions) {
    const parsed = Script.parse(typeof script === 'function' ? { supports } : script);
    this.#answer = typeof script === 'function' ? (request) => Behaviour.parse(script(request)) : performScript(parsed);
    this.#supports = parsed.supports;
    this.#models = models;
  }

  async respond(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (incoming.url ?? '/').split('?')[0];
    if (incoming.method === 'GET' && path === '/account') {
      return json(response, 200, JSON.stringify(this.accountant.account));
    }
    if (incoming.method === 'GET' && path === '/requests') return json(response, 200, JSON.stringify(this.requests));
    if (incoming.method === 'GET' && path === '/v1/models') {
      const data = this.#models.map((id) => ({ id, object: 'model', created: 0, owned_by: 'script' }));
      return json(response, 200, JSON.stringify({ object: 'list', data }));
    }
    if (incoming.method !== 'POST' || path !== '/v1/chat/completions') {
      return json(response, 404, errorBody(`there is no ${incoming.method} ${path}`, undefined, undefined));
    }
    this.accountant.seen();
    const parsed = ChatRequest.safeParse(JSON.parse(await readBody(incoming)));
    if (!parsed.success) return json(response, 400, errorBody(parsed.error.message, 'invalid_request', undefined));
    this.requests.push(parsed.data);
    const unknown = unsupported(parsed.data, this.#supports);
    if (unknown !== undefined) {
      const message = `Unsupported parameter: '${unknown}' is not supported with this model.`;
      return json(response, 400, errorBody(message, 'unsupported_parameter', unknown));
    }
    await this.#perform(this.#answer(parsed.data), parsed.data, response);
  }

  #completion(request: ChatRequest, text: string, rest: Partial<Completion> = {}): Completion {
    return {
      id: `chatcmpl-${this.requests.length}`,
      model: request.model,
      text,
      refusal: null,
      finishReason: 'stop',
      usage: this.accountant.usageOf(request, text),
      ...rest,
    };
  }

  /** Sends the first bytes of an answer whose usage the client will never read. */
  #begin(request: ChatRequest, text: string, bytes: number, response: ServerResponse, wholeLength: boolean): Buffer {
    const completion = this.#completion(request, text);
    this.accountant.charge('undelivered', completion.usage);
    const body = Buffer.from(completionBody(completion));
    const part = body.subarray(0, Math.min(bytes, body.length - 1));
    const length = wholeLength ? body.length : part.length;
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': length });
    return part;
  }

  async #send(request: ChatRequest, completion: Completion, response: ServerResponse): Promise<void> {
    this.accountant.charge('answered', completion.usage);
    if (request.stream !== true) return json(response, 200, completionBody(completion));
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const chunk of completionChunks(completion, request.stream_options?.include_usage === true)) {
      if (!response.write(chunk)) await once(response, 'drain');
    }
    response.end();
  }

  async #perform(behaviour: Behaviour, request: ChatRequest, response: ServerResponse): Promise<void> {
    switch (behaviour.kind) {
      case 'text': {
        if (behaviour.delayMilliseconds > 0) await delay(behaviour.delayMilliseconds);
        const { text, finishReason, model } = behaviour;
        const rest = { finishReason, ...(model === undefined ? {} : { model }) };
        return this.#send(request, this.#completion(request, text, rest), response);
      }
      case 'refusal':
        return this.#send(request, this.#completion(request, behaviour.text, { refusal: behaviour.text }), response);
      case 'empty-choices': {
        const completion = this.#completion(request, '');
        this.accountant.charge('answered', completion.usage);
        return json(response, 200, completionBody(completion, true));
      }
      case 'status': {
        const { status, retryAfter, code, param, message } = behaviour;
        const headers = retryAfter === undefined ? {} : { 'retry-after': retryAfter };
        return json(response, status, errorBody(message, code, param), headers);
      }
      case 'silence':
        return;
      case 'stall':
        response.write(this.#begin(request, behaviour.text, behaviour.afterBytes, response, true));
        return;
      case 'reset': {
        const part = this.#begin(request, behaviour.text, behaviour.afterBytes, response, true);
        response.write(part, () => response.destroy());
        return;
      }
      case 'cut-off-body':
        response.end(this.#begin(request, behaviour.text, behaviour.afterBytes, response, false));
        return;
      case 'large':
        response.writeHead(200, { 'content-type': 'application/json' });
        // The client hangs up when it has read enough.
        await pipeline(Readable.from(blanks(behaviour.bytes)), response).catch(() => undefined);
        return;
      case 'other-body':
        response.writeHead(behaviour.status, { 'content-type': behaviour.contentType }).end(behaviour.body);
        return;
    }
  }
}

/** Starts a server of the chat completions protocol on 127.0.0.1; port 0, the default, takes a free one. */
export async function startModelServer(options: ModelServerOptions): Promise<ModelServer> {
  const scripted = new ScriptedServer(options);
  const server = createServer((request, response) => {
    scripted.respond(request, response).catch((error: unknown) => {
      if (!response.headersSent) json(response, 500, errorBody(String(error), 'model_server_fault', undefined));
      else response.destroy();
    });
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests: scripted.requests,
    get account() {
      return scripted.accountant.account;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
