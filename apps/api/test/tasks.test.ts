import { Candidate, CandidateSummary, RewardExport, Task } from '@rewardsmith/contracts';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { longTask, problemOf, smallTask, useService } from './service.ts';

const service = useService();
const Tasks = z.object({ items: z.array(Task), next: z.string().nullable() });
const Candidates = z.object({ items: z.array(CandidateSummary), next: z.string().nullable() });

/** A task that has completed, for the tests that only look. */
let completed: Task;
beforeAll(async () => {
  const { id } = await service.submit(smallTask);
  await service.events(id);
  completed = await service.task(id);
});

describe('a task', () => {
  it('is submitted, followed to its end, and gives its reward in each target', async () => {
    const submitted = await service.post('/v1/tasks', smallTask);
    expect(submitted.status).toBe(202);
    const { id, status } = Task.parse(JSON.parse(submitted.body));
    expect(status).toBe('queued');
    expect(submitted.headers.get('location')).toBe(`/v1/tasks/${id}`);

    const events = await service.events(id);
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
    expect(events.at(0)?.type).toBe('task.submitted');
    expect(events.at(-1)?.type).toBe('task.completed');

    const task = await service.task(id);
    expect(task).toMatchObject({ status: 'completed', stopReason: 'generations', generation: 1 });
    expect(task.candidates.evaluated).toBe(2);
    expect(task.final?.best.values).toHaveLength(5);

    const javascript = RewardExport.parse(JSON.parse((await service.call(`/v1/tasks/${id}/reward`)).body));
    const python = RewardExport.parse(JSON.parse((await service.call(`/v1/tasks/${id}/reward?target=python`)).body));
    expect(javascript.code).toContain('export function reward(');
    expect(python.code).toContain('def reward(');
    expect(python.candidateId).toBe(task.bestCandidateId);
    expect(python.final).toEqual(task.final);
    expect(python.parity).toEqual(javascript.parity);
    expect(python.lineage.at(-1)?.id).toBe(task.bestCandidateId);
  });

  it('comes out the same from the same seed', async () => {
    const { items } = Tasks.parse(JSON.parse((await service.call('/v1/tasks')).body));
    const [other] = items.filter(({ id, status }) => id !== completed.id && status === 'completed');
    expect(completed.final).not.toBeNull();
    expect(other?.final).toEqual(completed.final);
  });

  it('is the task of the first submission when its key comes again', async () => {
    const key = { 'idempotency-key': 'once' };
    const submit = async () => Task.parse(JSON.parse((await service.post('/v1/tasks', longTask, key)).body));
    const [first, again] = [await submit(), await submit()];
    expect(again.id).toBe(first.id);
    const reused = problemOf(await service.post('/v1/tasks', { ...longTask, name: 'other' }, key));
    expect(reused).toMatchObject({ status: 409, code: 'idempotency-key-reused' });
    expect(reused.detail).toContain(first.id);
    await service.call(`/v1/tasks/${first.id}/cancel`, { method: 'POST' });
  });
});

describe('the event stream', () => {
  it('goes on after Last-Event-ID, and answers 204 when nothing follows', async () => {
    const { id } = completed;
    const all = await service.events(id);
    expect(await service.events(id, 4)).toEqual(all.slice(4));
    for (const after of [all.length, 2 ** 31 - 1]) {
      const answer = await service.call(`/v1/tasks/${id}/events`, { headers: { 'last-event-id': `${after}` } });
      expect(answer.status).toBe(204);
    }
  });

  it('opens at once while nothing happens, and a reader may leave', async () => {
    const { id } = await service.submit(longTask);
    const leaving = new AbortController();
    const response = await fetch(`${service.url()}/v1/tasks/${id}/events`, {
      headers: { 'last-event-id': '2147483647' },
      signal: leaving.signal,
    });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    leaving.abort();
    expect((await service.call(`/v1/tasks/${id}/cancel`, { method: 'POST' })).status).toBe(200);
  });
});

describe('cancelling', () => {
  it('ends a queued or running task and its stream, once', async () => {
    const { id } = await service.submit(longTask);
    const events = service.events(id);
    const first = await service.call(`/v1/tasks/${id}/cancel`, { method: 'POST' });
    const second = await service.call(`/v1/tasks/${id}/cancel`, { method: 'POST' });
    expect(Task.parse(JSON.parse(first.body))).toMatchObject({ status: 'cancelled', stopReason: 'cancelled' });
    expect(Task.parse(JSON.parse(second.body)).finishedAt).toBe(Task.parse(JSON.parse(first.body)).finishedAt);
    expect((await events).filter(({ type }) => type === 'task.cancelled')).toHaveLength(1);
    expect(problemOf(await service.call(`/v1/tasks/${id}/reward`))).toMatchObject({
      status: 409,
      code: 'no-reward-yet',
    });
  });

  it('leaves a completed task as it is', async () => {
    const answer = await service.call(`/v1/tasks/${completed.id}/cancel`, { method: 'POST' });
    expect(Task.parse(JSON.parse(answer.body))).toEqual(completed);
  });

  it('frees the only runner for the next task, which is judged by its own fitness', async () => {
    const { id: long } = await service.submit(longTask);
    const fitness = { source: 'export function success({ next }) {\n  return -1;\n}', aggregate: 'mean' };
    const { id } = await service.submit({ ...smallTask, fitness });
    await service.call(`/v1/tasks/${long}/cancel`, { method: 'POST' });
    await service.events(id);
    expect((await service.task(id)).final?.best.mean).toBe(-1);
  });

  it('of a task that is unknown is a 404', async () => {
    const answer = await service.call('/v1/tasks/none/cancel', { method: 'POST' });
    expect(problemOf(answer)).toMatchObject({ status: 404, code: 'not-found' });
  });
});

describe('lists', () => {
  it('page through every task once, newest first', async () => {
    const seen: string[] = [];
    let after: string | null = '';
    while (after !== null) {
      const cursor: string = after === '' ? '' : `&after=${after}`;
      const page = Tasks.parse(JSON.parse((await service.call(`/v1/tasks?limit=3${cursor}`)).body));
      seen.push(...page.items.map(({ id }) => id));
      after = page.next;
    }
    const whole = Tasks.parse(JSON.parse((await service.call('/v1/tasks?limit=200')).body));
    expect(seen).toEqual(whole.items.map(({ id }) => id));
    expect(seen).toEqual(seen.toSorted().reverse());
    expect(seen.length).toBeGreaterThan(3);
  });

  it("page through a task's candidates, each of which can be read", async () => {
    const { id } = completed;
    const first = Candidates.parse(JSON.parse((await service.call(`/v1/tasks/${id}/candidates?limit=1`)).body));
    const rest = Candidates.parse(
      JSON.parse((await service.call(`/v1/tasks/${id}/candidates?after=${first.next}`)).body),
    );
    expect([...first.items, ...rest.items].map(({ index }) => index)).toEqual([0, 1]);
    for (const { id: candidate } of [...first.items, ...rest.items]) {
      const read = Candidate.parse(JSON.parse((await service.call(`/v1/candidates/${candidate}`)).body));
      expect(read.taskId).toBe(id);
      expect(read.runs).toHaveLength(1);
    }
  });
});

describe('a task that stands still', () => {
  it('is paused and resumed on request, and is then still the same task', async () => {
    const { id } = await service.submit(longTask);
    const paused = Task.parse(JSON.parse((await service.call(`/v1/tasks/${id}/pause`, { method: 'POST' })).body));
    expect(paused).toMatchObject({ id, status: 'paused', pause: { reason: 'requested' } });
    const resumed = Task.parse(JSON.parse((await service.call(`/v1/tasks/${id}/resume`, { method: 'POST' })).body));
    expect(resumed.pause).toBeNull();
    expect(['queued', 'running']).toContain(resumed.status);
    await service.call(`/v1/tasks/${id}/cancel`, { method: 'POST' });
    const again = Task.parse(JSON.parse((await service.call(`/v1/tasks/${id}/pause`, { method: 'POST' })).body));
    expect(again.status).toBe('cancelled');
  });

  it('of another name is unknown', async () => {
    for (const call of ['pause', 'resume']) {
      expect(problemOf(await service.call(`/v1/tasks/none/${call}`, { method: 'POST' }))).toMatchObject({
        status: 404,
      });
    }
  });
});

describe('a task for a model', () => {
  it('is refused by a service without an endpoint', async () => {
    const answer = await service.post('/v1/tasks', {
      ...smallTask,
      search: { ...smallTask.search, designer: 'model' },
    });
    expect(problemOf(answer)).toMatchObject({ status: 422, errors: [{ code: 'no-model-endpoint' }] });
  });

  it('is the only one that has a conversation', async () => {
    const problem = problemOf(await service.call(`/v1/tasks/${completed.id}/conversation`));
    expect(problem).toMatchObject({ status: 409, code: 'no-model-calls' });
  });
});
