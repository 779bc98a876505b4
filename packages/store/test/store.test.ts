import { once } from 'node:events';
import { SearchSettings } from '@rewardsmith/contracts';
import { describe, expect, it } from 'vitest';
import { describeOnEachStore } from './backends.ts';
import { newCandidate, newTask } from './rows.ts';

describeOnEachStore((opened) => {
  const anotherTask = async () => (await opened.store.createTask(newTask())).row;
  const stepOf = async (taskId: string) => {
    const [id] = await opened.store.transact(taskId, (move) =>
      move.insertSteps([{ key: 'train/0', kind: 'train', input: { seed: 7 } }]),
    );
    if (id === undefined) throw new Error('the step was not inserted');
    return id;
  };
  const pass = (milliseconds: number) => {
    opened.clock.now = new Date(opened.clock.now.getTime() + milliseconds);
  };

  describe('submission', () => {
    it('makes one task of parallel submissions under one key', async () => {
      const submit = () => opened.store.createTask(newTask({ idempotencyKey: 'race' }));
      const created = await Promise.all(Array.from({ length: 20 }, submit));
      expect(created.filter(({ kind }) => kind === 'created')).toHaveLength(1);
      expect(created.filter(({ kind }) => kind === 'existing')).toHaveLength(19);
      expect(new Set(created.map(({ row }) => row.id)).size).toBe(1);
      const events = await opened.store.readEvents('alpha', created[0]?.row.id ?? '', 0, 10);
      expect(events.map(({ type, sequence }) => [type, sequence])).toEqual([['task.submitted', 1]]);
    });

    it('tells when a key comes with another submission', async () => {
      const first = await opened.store.createTask(newTask({ idempotencyKey: 'reused' }));
      const second = await opened.store.createTask(newTask({ idempotencyKey: 'reused', submissionHash: 'other' }));
      expect(second).toMatchObject({ kind: 'key-reused', row: { id: first.row.id } });
    });

    it('keeps keys apart by tenant, and submissions without a key apart always', async () => {
      const tasks = await Promise.all([
        opened.store.createTask(newTask({ idempotencyKey: 'mine' })),
        opened.store.createTask(newTask({ idempotencyKey: 'mine', tenant: 'beta' })),
        opened.store.createTask(newTask()),
        opened.store.createTask(newTask()),
      ]);
      expect(tasks.map(({ kind }) => kind)).toEqual(['created', 'created', 'created', 'created']);
    });
  });

  describe('moves', () => {
    it('gives events consecutive numbers however many moves are made at once', async () => {
      const { id } = await anotherTask();
      await Promise.all(
        Array.from({ length: 25 }, () =>
          opened.store.transact(id, (move) => move.appendEvents([{ type: 'task.started' }, { type: 'task.started' }])),
        ),
      );
      const events = await opened.store.readEvents('alpha', id, 0, 100);
      expect(events.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 51 }, (_, index) => index + 1));
      expect((await opened.store.readEvents('alpha', id, 49, 100)).map(({ sequence }) => sequence)).toEqual([50, 51]);
    });

    it('never overlap on one task', async () => {
      const { id } = await anotherTask();
      await Promise.all(
        Array.from({ length: 25 }, () =>
          opened.store.transact(id, async (move) => {
            const { proposed } = move.task;
            await move.candidates();
            await move.updateTask({ proposed: proposed + 1 });
          }),
        ),
      );
      expect((await opened.store.readTask('alpha', id))?.proposed).toBe(25);
    });

    it('leave nothing behind when they fail', async () => {
      const { id } = await anotherTask();
      const failing = opened.store.transact(id, async (move) => {
        await move.updateTask({ status: 'running' });
        await move.appendEvents([{ type: 'task.started' }]);
        throw new Error('half-way');
      });
      await expect(failing).rejects.toThrow('half-way');
      expect((await opened.store.readTask('alpha', id))?.status).toBe('queued');
      expect(await opened.store.readEvents('alpha', id, 1, 10)).toEqual([]);
    });

    it('write what the database cannot hold with a sign in its place', async () => {
      const task = await anotherTask();
      const told = (message: string) => ({ code: 'unknown-field', severity: 'error' as const, message, advice: '' });
      const row = {
        ...newCandidate(task, 0, 0),
        thought: 'Tunes a\0 from 1 to 2.',
        params: { 'a\0': 1, '\udc00b': 2, '\\u0000': 3 },
        critique: [told('no field \0'), told('no field \ud83d'), told('no field 😀 \\u0000')],
      };
      await opened.store.transact(task.id, (move) => move.insertCandidates([row]));
      const kept = await opened.store.transact(task.id, (move) => move.candidate(row.id));
      expect(kept?.thought).toBe('Tunes a\ufffd from 1 to 2.');
      expect(kept?.params).toEqual({ 'a\ufffd': 1, '\ufffdb': 2, '\\u0000': 3 });
      expect(kept?.critique.map(({ message }) => message)).toEqual([
        'no field \ufffd',
        'no field \ufffd',
        'no field 😀 \\u0000',
      ]);
      const failure = await opened.store.transact(task.id, async (move) => {
        await move.updateTask({ failure: 'the service failed at a\0' });
        return move.task.failure;
      });
      expect(failure).toBe('the service failed at a\ufffd');
    });

    it('read what they decide by without the programs and results, and steps by what their keys begin with', async () => {
      const task = await anotherTask();
      const { id } = task;
      const found = newCandidate(task, 0, 0);
      const run = { fitness: 3, path: 'a digest' };
      await opened.store.transact(id, async (move) => {
        await move.insertCandidates([found, newCandidate(task, 0, 1)]);
        await move.updateCandidate(found.id, {
          runs: JSON.parse(JSON.stringify([run, { fitness: 5 }])),
          findings: [{ code: 'reward-hacking', severity: 'error', message: '', advice: '' }],
        });
        await move.insertSteps(['train/a/0', 'train/ab/0'].map((key) => ({ key, kind: 'train', input: {} })));
      });
      const [standings, candidate, other, steps, outlines] = await opened.store.transact(id, async (move) => [
        await move.standings(),
        await move.candidate(found.id),
        await move.candidate('of-another-task'),
        await move.steps('train/a/'),
        await move.stepOutlines(),
      ]);
      expect(standings).toMatchObject([
        { id: found.id, screened: 3, path: 'a digest', trainings: 2, flagged: true },
        { screened: null, path: null, trainings: 0, flagged: false },
      ]);
      expect(standings[0]).not.toHaveProperty('source');
      expect(candidate).toMatchObject({ id: found.id, source: found.source, runs: [run, { fitness: 5 }] });
      expect(other).toBeUndefined();
      expect(steps.map(({ key }) => key)).toEqual(['train/a/0']);
      expect(outlines.map(({ key }) => key)).toEqual(['train/a/0', 'train/ab/0']);
      expect(outlines[0]).not.toHaveProperty('result');
    });

    it('know settings of a task that its submission of an earlier version lacks', async () => {
      const task = newTask();
      const { generations, population } = task.submission.search;
      const earlier = JSON.parse(JSON.stringify({ ...task.submission, search: { generations, population } }));
      const { row } = await opened.store.createTask({ ...task, submission: earlier });
      const whole = { ...task.submission, search: SearchSettings.parse({ generations, population }) };
      expect((await opened.store.readTask('alpha', row.id))?.submission).toEqual(whole);
      expect((await opened.store.listTasks('alpha', { limit: 1 })).items[0]?.submission).toEqual(whole);
      const moved = await opened.store.transact(row.id, async (move) => {
        await move.updateTask({ status: 'running' });
        return move.task.submission;
      });
      expect(moved).toEqual(whole);
    });

    it('keep a step that the task has already under its key', async () => {
      const { id } = await anotherTask();
      await stepOf(id);
      const again = await opened.store.transact(id, (move) =>
        move.insertSteps([{ key: 'train/0', kind: 'train', input: { seed: 8 } }]),
      );
      expect(again).toEqual([]);
      const steps = await opened.store.transact(id, (move) => move.steps());
      expect(steps.map(({ input }) => input)).toEqual([{ seed: 7 }]);
    });
  });

  describe('steps', () => {
    it('are claimed by one worker of many', async () => {
      const { id } = await anotherTask();
      const step = await stepOf(id);
      const claims = await Promise.all(Array.from({ length: 10 }, () => opened.store.claimStep(step, 1_000)));
      expect(claims.filter((claim) => claim !== undefined).map(({ attempt }) => attempt)).toEqual([1]);
    });

    it('pass to another worker when the lease runs out, and refuse the first one’s result', async () => {
      const { id } = await anotherTask();
      const step = await stepOf(id);
      await opened.store.claimStep(step, 1_000);
      pass(500);
      expect(await opened.store.renewLease(step, 1, 1_000)).toBe(true);
      pass(900);
      expect(await opened.store.claimStep(step, 1_000)).toBeUndefined();
      pass(200);
      expect((await opened.store.unfinishedWork(100)).stepIds).toContain(step);
      expect(await opened.store.claimStep(step, 1_000)).toMatchObject({ attempt: 2, taskId: id, input: { seed: 7 } });
      expect(await opened.store.renewLease(step, 1, 1_000)).toBe(false);

      const finish = (attempt: number, result: string) =>
        opened.store.transact(id, (move) => move.finishStep(step, attempt, 'done', result));
      expect(await finish(1, 'stale')).toBe(false);
      expect(await finish(2, 'fresh')).toBe(true);
      expect(await finish(2, 'twice')).toBe(false);
      expect((await opened.store.transact(id, (move) => move.steps()))[0]).toMatchObject({
        status: 'done',
        result: 'fresh',
      });
      expect(await opened.store.claimStep(step, 1_000)).toBeUndefined();
    });

    it('that are given back can be claimed at once', async () => {
      const { id } = await anotherTask();
      const step = await stepOf(id);
      await opened.store.claimStep(step, 60_000);
      await opened.store.releaseEveryStep();
      expect((await opened.store.claimStep(step, 60_000))?.attempt).toBe(2);
      await opened.store.releaseStep(step, 1);
      expect(await opened.store.claimStep(step, 60_000)).toBeUndefined();
      await opened.store.releaseStep(step, 2);
      expect((await opened.store.claimStep(step, 60_000))?.attempt).toBe(3);
    });

    it('of a cancelled task can be neither claimed, renewed nor finished', async () => {
      const { id } = await anotherTask();
      const step = await stepOf(id);
      await opened.store.claimStep(step, 1_000);
      await opened.store.transact(id, async (move) => {
        await move.cancelSteps();
        await move.updateTask({ status: 'cancelled', finishedAt: opened.clock.now });
      });
      pass(2_000);
      expect(await opened.store.claimStep(step, 1_000)).toBeUndefined();
      expect(await opened.store.renewLease(step, 1, 1_000)).toBe(false);
      expect(await opened.store.transact(id, (move) => move.finishStep(step, 1, 'done', {}))).toBe(false);
      const work = await opened.store.unfinishedWork(100);
      expect(work.stepIds).not.toContain(step);
      expect(work.taskIds).not.toContain(id);
    });
  });

  describe('reading', () => {
    it('pages through tasks, newest first and each once', async () => {
      const tenant = 'pages';
      const made: string[] = [];
      for (let index = 0; index < 5; index += 1) made.push((await opened.store.createTask(newTask({ tenant }))).row.id);
      const first = await opened.store.listTasks(tenant, { limit: 3 });
      const rest = await opened.store.listTasks(tenant, { limit: 3, after: first.next ?? '' });
      expect([...first.items, ...rest.items].map(({ id }) => id)).toEqual(made.toReversed());
      expect(rest.next).toBeNull();
    });

    it('pages through candidates by generation and index, with their values as written', async () => {
      const task = await anotherTask();
      const rows = [
        newCandidate(task, 1, 0),
        newCandidate(task, 0, 1),
        newCandidate(task, 0, 0),
        newCandidate(task, 0, 2),
      ];
      await opened.store.transact(task.id, (move) => move.insertCandidates(rows));
      const first = await opened.store.listCandidates('alpha', task.id, { limit: 2 });
      const rest = await opened.store.listCandidates('alpha', task.id, { limit: 2, after: first.next ?? '' });
      const places = [...first.items, ...rest.items].map(({ generation, index }) => [generation, index]);
      expect(places).toEqual([
        [0, 0],
        [0, 1],
        [0, 2],
        [1, 0],
      ]);
      expect(await opened.store.readCandidate('alpha', rows[0]?.id ?? '')).toEqual(rows[0]);
    });

    it('shows another tenant nothing', async () => {
      const task = await anotherTask();
      const row = newCandidate(task, 0, 0);
      await opened.store.transact(task.id, (move) => move.insertCandidates([row]));
      expect(await opened.store.readTask('beta', task.id)).toBeUndefined();
      expect(await opened.store.readCandidate('beta', row.id)).toBeUndefined();
      expect((await opened.store.listCandidates('beta', task.id, { limit: 5 })).items).toEqual([]);
      expect(await opened.store.readEvents('beta', task.id, 0, 5)).toEqual([]);
    });

    it('keeps a fitness and a failure as values, and the absence of them as null', async () => {
      const task = await anotherTask();
      const row = newCandidate(task, 0, 0);
      const fitness = { mean: 1.5, standardDeviation: 0, values: [1.5], episodes: 4, successRate: 0.25 };
      await opened.store.transact(task.id, async (move) => {
        await move.insertCandidates([row]);
        await move.updateCandidate(row.id, { status: 'evaluated', fitness });
      });
      const written = await opened.store.readCandidate('alpha', row.id);
      expect(written).toMatchObject({ status: 'evaluated', fitness, failure: null, params: { weight: 0.5 } });
    });
  });

  describe('events', () => {
    it('are told to listeners in the order of the commits, and never when a move fails', async () => {
      const heard: (string | undefined)[] = [];
      const told = new EventTarget();
      const stop = opened.store.onEvents((taskId) => {
        heard.push(taskId);
        told.dispatchEvent(new Event(taskId ?? 'any'));
      });
      const first = await anotherTask();
      await opened.store
        .transact(first.id, async (move) => {
          await move.appendEvents([{ type: 'task.started' }]);
          throw new Error('half-way');
        })
        .catch(() => undefined);
      const second = await anotherTask();
      const last = await anotherTask();
      if (!heard.includes(last.id)) await once(told, last.id);
      stop();
      const tasks = [first.id, second.id, last.id];
      expect(heard.filter((id) => id !== undefined && tasks.includes(id))).toEqual(tasks);
    });
  });

  it('answers for its health', async () => {
    expect(await opened.store.checkHealth()).toBe(true);
  });
});
