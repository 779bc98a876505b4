import { CandidateSummary, ExportTarget, Problem, RewardExport, Task, TaskSubmission } from '@rewardsmith/contracts';
import { ConversationPage } from '@rewardsmith/llm';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { defaultCaller } from '../../caller.ts';
import { clientGone } from '../../client-gone.ts';
import { streamEvents } from '../../event-stream.ts';
import { limits } from '../../limits.ts';
import { candidateCursor, pageQuery, rowId } from '../../parameters.ts';
import { faultsIn, notFound, ProblemError } from '../../problem-error.ts';
import type { Services } from '../../services.ts';
import { submissionFaults } from '../../submission-faults.ts';

const id = z.object({ id: rowId });
const taskPage = pageQuery(rowId);
const candidatePage = pageQuery(candidateCursor);
const page = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), next: z.string().nullable() });
const idempotencyKey = z.string().min(1).max(255);

/** `exactOptionalPropertyTypes` tells an absent cursor from one that is undefined. */
function pageOf({ limit, after }: z.infer<typeof taskPage>) {
  return after === undefined ? { limit } : { limit, after };
}

async function isEmpty<T>(source: (signal: AbortSignal) => AsyncIterable<T>): Promise<boolean> {
  const enough = new AbortController();
  for await (const _ of source(enough.signal)) {
    enough.abort();
    return false;
  }
  return true;
}

/** Tasks: submit, list, read, steer, follow, and take the reward. */
export function taskRoutes({ tasks, modelTerms, sandbox }: Services) {
  return async (plain: FastifyInstance): Promise<void> => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    const tags = ['tasks'];

    app.addHook('onRequest', async (request, reply) => {
      const parsed = id.safeParse(request.params);
      if (!parsed.success) return;
      request.log = request.log.child({ taskId: parsed.data.id });
      reply.log = request.log;
    });

    app.post(
      '/tasks',
      {
        // The handler answers, so that one answer lists what the schema and what the names in it are at fault for.
        attachValidation: true,
        schema: {
          tags,
          summary: 'Submit a task',
          description: 'With an Idempotency-Key header, a repeated submission answers the task of the first.',
          headers: z.object({ 'idempotency-key': idempotencyKey.optional() }),
          body: TaskSubmission,
          response: { 202: Task, 400: Problem, 409: Problem, 422: Problem },
        },
      },
      async (request, reply) => {
        const { validationError } = request;
        if (validationError !== undefined && validationError.validationContext !== 'body') throw validationError;
        const faults = await submissionFaults(
          request.body,
          validationError,
          modelTerms,
          sandbox.compiler({ ...defaultCaller, signal: clientGone(reply) }),
        );
        if (faults.length > 0) throw new ProblemError(422, 'invalid-task', faultsIn(faults, 'task'), faults);
        const submitted = await tasks.submit(defaultCaller, request.body, request.headers['idempotency-key']);
        if (submitted.kind === 'key-reused') {
          throw new ProblemError(
            409,
            'idempotency-key-reused',
            `This Idempotency-Key came with another body before, for task ${submitted.taskId}. Use a new key.`,
          );
        }
        const said = submitted.kind === 'created' ? 'task submitted' : 'submission repeated';
        request.log.info({ taskId: submitted.task.id }, said);
        return reply.code(202).header('location', `/v1/tasks/${submitted.task.id}`).send(submitted.task);
      },
    );

    app.get(
      '/tasks',
      { schema: { tags, summary: 'List tasks, newest first', querystring: taskPage, response: { 200: page(Task) } } },
      async (request) => {
        const { items, next } = await tasks.tasks(defaultCaller, pageOf(request.query));
        return { items: [...items], next };
      },
    );

    app.get(
      '/tasks/:id',
      { schema: { tags, summary: 'Read a task', params: id, response: { 200: Task, 404: Problem } } },
      async (request) => {
        const task = await tasks.task(defaultCaller, request.params.id);
        if (task === undefined) throw notFound('task', request.params.id);
        return task;
      },
    );

    app.post(
      '/tasks/:id/cancel',
      { schema: { tags, summary: 'Cancel a task', params: id, response: { 200: Task, 404: Problem } } },
      async (request) => {
        const task = await tasks.cancel(defaultCaller, request.params.id);
        if (task === undefined) throw notFound('task', request.params.id);
        return task;
      },
    );

    app.post(
      '/tasks/:id/pause',
      { schema: { tags, summary: 'Let a task stand still', params: id, response: { 200: Task, 404: Problem } } },
      async (request) => {
        const task = await tasks.pause(defaultCaller, request.params.id);
        if (task === undefined) throw notFound('task', request.params.id);
        return task;
      },
    );

    app.post(
      '/tasks/:id/resume',
      { schema: { tags, summary: 'Let a paused task go on', params: id, response: { 200: Task, 404: Problem } } },
      async (request) => {
        const task = await tasks.resume(defaultCaller, request.params.id);
        if (task === undefined) throw notFound('task', request.params.id);
        return task;
      },
    );

    app.get(
      '/tasks/:id/conversation',
      {
        schema: {
          tags,
          summary: 'Read the model calls of a task, page by page',
          description:
            'What was asked and answered, with tokens and cost; `rewardsmith replay` runs the task again from it. A call that is under way is left out, so a page may hold fewer than `limit`; `next` is null on the last one.',
          params: id,
          querystring: taskPage,
          response: { 200: ConversationPage, 404: Problem, 409: Problem },
        },
      },
      async (request) => {
        const answer = await tasks.conversation(defaultCaller, request.params.id, pageOf(request.query));
        switch (answer.kind) {
          case 'ok':
            return answer.conversation;
          case 'no-task':
            throw notFound('task', request.params.id);
          case 'no-model':
            throw new ProblemError(
              409,
              'no-model-calls',
              "The task's designer asks no model; there is nothing to read.",
            );
        }
      },
    );

    app.get(
      '/tasks/:id/events',
      {
        schema: {
          tags,
          summary: "Follow a task's events",
          description: 'Server-sent events; send Last-Event-ID to go on after an event. Ends after the last event.',
          params: id,
          headers: z.object({
            'last-event-id': z.coerce.number().int().min(0).max(limits.eventSequence).default(0),
          }),
          response: {
            200: { description: 'The events', content: { 'text/event-stream': { schema: z.string() } } },
            204: z.null().describe('The task has ended and no event follows: do not connect again'),
            404: Problem,
          },
        },
      },
      async (request, reply) => {
        const task = await tasks.task(defaultCaller, request.params.id);
        if (task === undefined) throw notFound('task', request.params.id);
        const after = request.headers['last-event-id'];
        const events = (signal: AbortSignal) => tasks.events(defaultCaller, task.id, after, signal);
        if (task.finishedAt !== null && (await isEmpty(events))) return reply.code(204).send(null);
        return streamEvents(reply, events);
      },
    );

    app.get(
      '/tasks/:id/reward',
      {
        schema: {
          tags,
          summary: 'Take the best reward so far',
          params: id,
          querystring: z.strictObject({ target: ExportTarget.default('javascript') }),
          response: { 200: RewardExport, 404: Problem, 409: Problem },
        },
      },
      async (request, reply) => {
        const answer = await tasks.reward(defaultCaller, request.params.id, request.query.target, clientGone(reply));
        switch (answer.kind) {
          case 'ok':
            return answer.reward;
          case 'no-task':
            throw notFound('task', request.params.id);
          case 'none-yet':
            throw new ProblemError(409, 'no-reward-yet', 'No candidate has been evaluated yet; follow the events.');
        }
      },
    );

    app.get(
      '/tasks/:id/candidates',
      {
        schema: {
          tags,
          summary: "List a task's candidates by generation",
          params: id,
          querystring: candidatePage,
          response: { 200: page(CandidateSummary), 404: Problem },
        },
      },
      async (request) => {
        const found = await tasks.candidates(defaultCaller, request.params.id, pageOf(request.query));
        if (found === undefined) throw notFound('task', request.params.id);
        return { items: [...found.items], next: found.next };
      },
    );
  };
}
