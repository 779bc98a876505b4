import type { Task, TaskEvent } from '@rewardsmith/contracts';
import logUpdate from 'log-update';
import type { Client } from './client.ts';
import { advance, begun, type Extent, type Progress, progressLine } from './progress.ts';

function line(event: TaskEvent): string | undefined {
  switch (event.type) {
    case 'generation.started':
      return `generation ${event.generation + 1}: ${event.proposed - event.refused} accepted, ${event.refused} refused`;
    case 'candidate.evaluated':
      return `  fitness ${event.fitness.mean.toPrecision(4)} ± ${event.fitness.standardDeviation.toPrecision(3)}  candidate ${event.candidateId}`;
    case 'candidate.failed':
      return `  failed: ${event.reason}`;
    case 'final.started':
      return `closing: ${event.trainings} trainings on fresh seeds`;
    default:
      return undefined;
  }
}

/** The closing training runs of a task with these settings: confirmation of the finalists and the comparison. */
export function extentOf(task: Task, seeds: number): Extent {
  const { generations, population, finalists } = task.submission.search;
  return { generations, population, seeds, closingRuns: (finalists > 1 ? finalists * 2 : 0) + 15 };
}

/**
 * Follows a task to its end. On a terminal one line is kept up to date below the events; elsewhere each event that
 * tells something is a line.
 */
export async function follow(client: Client, task: Task, extent: Extent, signal: AbortSignal): Promise<void> {
  const live = process.stdout.isTTY === true;
  let progress: Progress = begun;
  let shown = '';
  for await (const event of client.events(task.id, 0, signal)) {
    progress = advance(progress, event);
    const said = line(event);
    if (said !== undefined) {
      if (live) logUpdate.clear();
      process.stdout.write(`${said}\n`);
    }
    const now = progressLine(progress, extent);
    if (live) logUpdate(now);
    else if (event.type === 'candidate.evaluated' || event.type === 'final.measured') {
      if (now !== shown) process.stdout.write(`  ${now}\n`);
      shown = now;
    }
  }
  if (live) {
    logUpdate.clear();
    logUpdate.done();
  }
}
