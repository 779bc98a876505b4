import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChatRequest, startModelServer } from '@rewardsmith/model-server';
import { expect, onTestFinished, test } from 'vitest';
import { askedFor, modelSource, modelTask, soundModel } from './support/model-task.ts';
import { caller, eventsOf, openWorking } from './support/small-task.ts';

/** A service in a process of its own whose `hangs`th design is never answered: killed then, and what its task came to later. */
async function killedAt(hangs: number, population: number, concurrency: number) {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'rewardsmith-crash-'));
  onTestFinished(() => rmSync(dataDirectory, { recursive: true, force: true }));
  const underWay = Promise.withResolvers<void>();
  const seen: ChatRequest[] = [];
  // The first design is answered, the second hangs until its service is gone; later everything is answered.
  const plain = soundModel();
  let designs = 0;
  const server = await startModelServer({
    script: (request) => {
      seen.push(request);
      if (askedFor(request) === 'design') {
        designs += 1;
        if (designs === hangs) {
          underWay.resolve();
          return { kind: 'silence' };
        }
      }
      return plain(request);
    },
  });
  onTestFinished(() => server.close());
  const child = spawn(
    process.execPath,
    [
      join(import.meta.dirname, 'support/model-process.ts'),
      dataDirectory,
      server.url,
      String(population),
      String(concurrency),
    ],
    {
      stdio: 'ignore',
    },
  );
  await underWay.promise;
  child.kill('SIGKILL');
  await once(child, 'exit');

  const engine = await openWorking({ dataDirectory, models: modelSource(server.url) });
  onTestFinished(() => engine.close());
  const submitted = await engine.tasks.submit(caller, modelTask({ search: { population } }), 'the-only-one');
  if (submitted.kind !== 'existing') throw new Error(submitted.kind);
  const { id } = submitted.task;
  await eventsOf(engine, id);
  const ended = await engine.tasks.task(caller, id);
  const page = await engine.tasks.candidates(caller, id, { limit: 50 });
  const candidates = await Promise.all((page?.items ?? []).map((item) => engine.tasks.candidate(caller, item.id)));
  const lost = candidates.flatMap((candidate) => candidate?.critique ?? []).filter(({ code }) => code === 'model-lost');
  return { seen, server, ended, lost };
}

test('a killed service asks nothing twice, and charges in full what was under way', async () => {
  const { seen, server, ended, lost } = await killedAt(2, 1, 4);
  expect(ended?.status).toBe('completed');
  const asked = seen.map(({ messages }) => JSON.stringify(messages));
  expect(new Set(asked).size).toBe(asked.length);
  const { answered } = server.account;
  expect(ended?.modelCost).toMatchObject({
    promptTokens: answered.promptTokens,
    completionTokens: answered.completionTokens,
  });
  expect(ended?.modelCost.unreportedTokens).toBeGreaterThan(1_000);
  expect(ended?.spending.modelCalls).toBe(server.account.requests);
  expect(lost).toHaveLength(1);
});

test('a killed service charges nothing for what it had reserved and not sent, and asks it later', async () => {
  // One request at a time: the first of four is under way, the others wait for their turn.
  const { server, ended, lost } = await killedAt(1, 4, 1);
  expect(ended?.status).toBe('completed');
  expect(lost).toHaveLength(1);
  expect(ended?.spending.modelCalls).toBe(server.account.requests);
  const { answered } = server.account;
  const one = ended?.modelCost.unreportedTokens ?? 0;
  expect(one).toBeGreaterThan(1_000);
  // The worst case of a single call: bytes of its prompt, and the longest answer.
  const { promptTokens } = answered;
  expect(one).toBeLessThan(2 * 16_000 + (8 * promptTokens) / answered.requests);
  expect(ended?.modelCost).toMatchObject({ promptTokens, completionTokens: answered.completionTokens });
});
