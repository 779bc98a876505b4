import { readFileSync } from 'node:fs';
import type { ExportTarget } from '@rewardsmith/contracts';
import { Client } from '../client.ts';
import { Fault } from '../fault.ts';
import { follow } from '../follow.ts';

interface ServiceOption {
  readonly url: string;
}

/** Submits a task from a JSON file, or from standard input as `-`, and prints its identifier. */
export async function submit(file: string, options: ServiceOption & { readonly key?: string }): Promise<void> {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file === '-' ? 0 : file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new Fault(`${file === '-' ? 'Standard input' : file} is not JSON: ${error.message}`);
    throw error;
  }
  const task = await new Client(options.url).submit(json, options.key);
  process.stdout.write(`${task.id}\n`);
}

/** Follows a task until it ends. */
export async function watch(id: string, options: ServiceOption): Promise<void> {
  const client = new Client(options.url);
  const task = await client.task(id);
  await follow(client, task, new AbortController().signal);
  const ended = await client.task(id);
  process.stdout.write(`${ended.status}${ended.stopReason === null ? '' : ` (${ended.stopReason})`}\n`);
  if (ended.status !== 'completed') process.exitCode = 1;
}

/** Prints the best reward so far. */
export async function reward(
  id: string,
  options: ServiceOption & { readonly target: ExportTarget; readonly json?: boolean },
): Promise<void> {
  const found = await new Client(options.url).reward(id, options.target);
  process.stdout.write(options.json === true ? `${JSON.stringify(found)}\n` : found.code);
}

/** Lets a task stand still; what it runs at the moment ends first. */
export async function pause(id: string, options: ServiceOption): Promise<void> {
  const { status } = await new Client(options.url).pause(id);
  process.stdout.write(`${status}\n`);
}

/** Lets a paused task go on where it was. */
export async function resume(id: string, options: ServiceOption): Promise<void> {
  const { status } = await new Client(options.url).resume(id);
  process.stdout.write(`${status}\n`);
}

/** Ends a task for good; what it has found so far stays. */
export async function cancel(id: string, options: ServiceOption): Promise<void> {
  const { status } = await new Client(options.url).cancel(id);
  process.stdout.write(`${status}\n`);
}
