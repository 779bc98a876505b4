import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Candidate, Task } from '@rewardsmith/contracts';
import type { Conversation } from '@rewardsmith/llm';
import { Client } from '../client.ts';
import { Fault } from '../fault.ts';
import { follow } from '../follow.ts';
import { limits } from '../limits.ts';
import { startService } from '../service-process.ts';

export interface ReplayOptions {
  readonly url: string;
  readonly data: string;
  readonly record?: string;
}

interface Run {
  readonly task: Task;
  readonly candidates: readonly Candidate[];
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(limits.reachMilliseconds) })).ok;
  } catch {
    return false;
  }
}

/** Reads a task from the service, or from its data directory when no service runs. */
async function read<T>(options: ReplayOptions, use: (client: Client) => Promise<T>): Promise<T> {
  if (await answers(options.url)) return use(new Client(options.url));
  const service = await startService({ data: options.data, port: 0 });
  try {
    return await use(new Client(service.url));
  } finally {
    await service.stop();
  }
}

async function runOf(client: Client, id: string): Promise<Run> {
  return { task: await client.task(id), candidates: await client.candidates(id) };
}

/** Runs the submission again in a service of its own whose models answer from the record. */
async function again(task: Task, conversation: Conversation): Promise<Run> {
  const directory = mkdtempSync(join(tmpdir(), 'rewardsmith-replay-'));
  try {
    const record = join(directory, 'conversation.json');
    writeFileSync(record, JSON.stringify(conversation));
    const service = await startService({ data: join(directory, 'data'), port: 0, record });
    try {
      const client = new Client(service.url);
      const submitted = await client.submit(task.submission);
      await follow(client, submitted, new AbortController().signal);
      return await runOf(client, submitted.id);
    } finally {
      await service.stop();
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** What of a candidate must come out the same. */
function essence({ generation, index, status, source, fitness }: Candidate) {
  return { place: `${generation + 1}.${index + 1}`, status, source, fitness: fitness?.values ?? null };
}

/** The closing comparison as a text; candidates have another identifier in every run, and are named by their place. */
function measured({ task, candidates }: Run): string {
  const places = new Map(candidates.map((candidate) => [candidate.id, essence(candidate).place]));
  return JSON.stringify(task.final, (_, value: unknown) =>
    typeof value === 'string' ? (places.get(value) ?? value) : value,
  );
}

/** The places at which two runs of a task differ. */
function differences(first: Run, second: Run): readonly string[] {
  const [before, after] = [first.candidates.map(essence), second.candidates.map(essence)];
  const found = Array.from({ length: Math.max(before.length, after.length) }, (_, index) => {
    const [a, b] = [before[index], after[index]];
    if (JSON.stringify(a) === JSON.stringify(b)) return undefined;
    const parts = (['status', 'source', 'fitness'] as const).filter(
      (part) => JSON.stringify(a?.[part]) !== JSON.stringify(b?.[part]),
    );
    return `candidate ${a?.place ?? b?.place}: ${a === undefined || b === undefined ? 'in one run only' : `another ${parts.join(', ')}`}`;
  }).filter((difference) => difference !== undefined);
  const { status, failure, stopReason } = second.task;
  if (status !== first.task.status) found.push(`it ended as ${status}: ${failure ?? stopReason ?? 'no reason given'}`);
  return measured(first) === measured(second) ? found : [...found, 'another measurement on held-out seeds'];
}

/** Runs a task again from its record and compares, or only writes the record down. */
export async function replay(id: string, options: ReplayOptions): Promise<void> {
  const { first, conversation } = await read(options, async (client) => ({
    first: await runOf(client, id),
    conversation: await client.conversation(id),
  }));
  if (options.record !== undefined) {
    writeFileSync(options.record, `${JSON.stringify(conversation)}\n`);
    process.stdout.write(`${conversation.calls.length} calls in ${options.record}\n`);
    return;
  }
  if (first.task.finishedAt === null) throw new Fault(`Task ${id} has not ended; there is nothing to compare with.`);
  process.stdout.write(`running task ${id} again from ${conversation.calls.length} recorded calls\n`);
  const found = differences(first, await again(first.task, conversation));
  if (found.length > 0)
    throw new Fault(`The task came out otherwise:\n${found.map((line) => `  ${line}`).join('\n')}`, 1);
  process.stdout.write(`the same ${first.candidates.length} candidates, the same scores\n`);
}
