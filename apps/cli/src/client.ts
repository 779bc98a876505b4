import { Candidate, type ExportTarget, Problem, RewardExport, Task, TaskEvent } from '@rewardsmith/contracts';
import { type Conversation, ConversationPage } from '@rewardsmith/llm';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { z } from 'zod';
import { Fault } from './fault.ts';

async function refused(response: Response): Promise<Fault> {
  const text = await response.text();
  const parsed = Problem.safeParse(safeJson(text));
  if (!parsed.success) return new Fault(`The service answered ${response.status}: ${text.slice(0, 300)}`);
  const { code, detail, errors = [] } = parsed.data;
  const faults = errors.map(
    ({ path, message, advice }) => `  ${path}: ${message}${advice === undefined ? '' : ` ${advice}`}`,
  );
  return new Fault([`${detail ?? parsed.data.title} (${code})`, ...faults].join('\n'));
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Why a request had no answer, in the words of the system rather than `fetch failed`. */
function unanswered(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return String(cause);
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
}

const CandidatePage = z.object({ items: z.array(z.object({ id: z.string() })), next: z.string().nullable() });

/** The HTTP service as a training cluster calls it. Every refusal is thrown as a readable `Fault`. */
export class Client {
  readonly url: string;

  constructor(url: string) {
    this.url = url.replace(/\/$/, '');
  }

  /** Submits a body as it is; the service judges it and lists every fault. */
  async submit(submission: unknown, idempotencyKey?: string): Promise<Task> {
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    if (idempotencyKey !== undefined) headers['idempotency-key'] = idempotencyKey;
    return Task.parse(await this.#json('/v1/tasks', { method: 'POST', headers, body: JSON.stringify(submission) }));
  }

  async task(id: string): Promise<Task> {
    return Task.parse(await this.#json(`/v1/tasks/${encodeURIComponent(id)}`));
  }

  /** The task, or nothing when the service does not know it. */
  async findTask(id: string): Promise<Task | undefined> {
    const response = await this.#fetch(`/v1/tasks/${encodeURIComponent(id)}`);
    if (response.status === 404) return undefined;
    if (!response.ok) throw await refused(response);
    return Task.parse(await response.json());
  }

  async pause(id: string): Promise<Task> {
    return Task.parse(await this.#json(`/v1/tasks/${encodeURIComponent(id)}/pause`, { method: 'POST' }));
  }

  async resume(id: string): Promise<Task> {
    return Task.parse(await this.#json(`/v1/tasks/${encodeURIComponent(id)}/resume`, { method: 'POST' }));
  }

  async cancel(id: string): Promise<Task> {
    return Task.parse(await this.#json(`/v1/tasks/${encodeURIComponent(id)}/cancel`, { method: 'POST' }));
  }

  /** Every model call of a task, read page by page. */
  async conversation(id: string): Promise<Conversation> {
    const path = `/v1/tasks/${encodeURIComponent(id)}/conversation`;
    const first = ConversationPage.parse(await this.#json(path));
    const calls = [...first.calls];
    for (let { next } = first; next !== null; ) {
      const page = ConversationPage.parse(await this.#json(`${path}?after=${encodeURIComponent(next)}`));
      calls.push(...page.calls);
      next = page.next;
    }
    const { format, terms } = first;
    return { format, terms, calls };
  }

  /** Every candidate of a task, by generation and index. */
  async candidates(id: string): Promise<readonly Candidate[]> {
    const found: Candidate[] = [];
    for (let after: string | null = ''; after !== null; ) {
      const query: string = after === '' ? '' : `?after=${encodeURIComponent(after)}`;
      const page: z.infer<typeof CandidatePage> = CandidatePage.parse(
        await this.#json(`/v1/tasks/${encodeURIComponent(id)}/candidates${query}`),
      );
      for (const item of page.items) {
        found.push(Candidate.parse(await this.#json(`/v1/candidates/${encodeURIComponent(item.id)}`)));
      }
      after = page.next;
    }
    return found;
  }

  async reward(id: string, target: ExportTarget): Promise<RewardExport> {
    return RewardExport.parse(await this.#json(`/v1/tasks/${encodeURIComponent(id)}/reward?target=${target}`));
  }

  /** The task's events after `after`, until its last one. */
  async *events(id: string, after: number, signal?: AbortSignal): AsyncGenerator<TaskEvent> {
    const response = await this.#fetch(`/v1/tasks/${encodeURIComponent(id)}/events`, {
      headers: { accept: 'text/event-stream', 'last-event-id': String(after) },
      ...(signal === undefined ? {} : { signal }),
    });
    if (response.status === 204) return;
    if (!response.ok || response.body === null) throw await refused(response);
    const frames = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
    try {
      for await (const { data } of frames) yield TaskEvent.parse(JSON.parse(data));
    } catch (error) {
      if (signal?.aborted === true || !(error instanceof TypeError)) throw error;
      throw new Fault(
        `The service at ${this.url} broke off (${unanswered(error)}). Its task goes on when it is back.`,
        1,
      );
    }
  }

  async #fetch(path: string, request: RequestInit = {}): Promise<Response> {
    try {
      return await fetch(`${this.url}${path}`, request);
    } catch (error) {
      if (request.signal?.aborted === true) throw error;
      const start = 'Start one with ./rewardsmith up, or name another with --url.';
      throw new Fault(`No service answers at ${this.url} (${unanswered(error)}). ${start}`, 1);
    }
  }

  async #json(path: string, request?: RequestInit): Promise<unknown> {
    const response = await this.#fetch(path, request);
    if (!response.ok) throw await refused(response);
    return response.json();
  }
}
