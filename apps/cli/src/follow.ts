import { availableParallelism } from 'node:os';
import { shortened, type Task, type TaskEvent } from '@rewardsmith/contracts';
import type { Client } from './client.ts';
import { extentOf } from './extent.ts';
import { Fault } from './fault.ts';
import { limits } from './limits.ts';
import { printable } from './printable.ts';
import { advance, begun, type Progress } from './progress.ts';
import { plainView, terminalView } from './view.ts';

function brief(text: string): string {
  return shortened(printable(text.replace(/\s+/g, ' ')).trim(), limits.thoughtLength);
}

/** Which repair of its slot a refused proposal was. */
function tryOf({ attempt }: Extract<TaskEvent, { type: 'candidate.refused' }>): string {
  return attempt === undefined || attempt === 0 ? '' : ` repair ${attempt}`;
}

/** What an event tells that a reader wants to keep; `before` and `after` are the progress that it finds and that it leaves. */
function line(event: TaskEvent, before: Progress, after: Progress): string | undefined {
  switch (event.type) {
    case 'generation.started':
      return `generation ${event.generation + 1}: ${event.proposed - event.refused} accepted, ${event.refused} refused`;
    case 'candidate.evaluated': {
      if (after.best === null || (after.best === before.best && after.bestFitness === before.bestFitness))
        return undefined;
      // Where the best has fallen when it was trained again, another leads that was told of before, or that never led.
      const spread = after.best === event.candidateId ? ` ± ${event.fitness.standardDeviation.toPrecision(3)}` : '';
      return `  best so far ${after.bestFitness?.toPrecision(4)}${spread}  candidate ${after.best}`;
    }
    case 'candidate.accepted':
      if (event.operator === 'given') return `  given: ${brief(event.thought)}`;
      return event.model === undefined ? undefined : `  ${event.model}, ${event.brief}: ${brief(event.thought)}`;
    case 'candidate.refused':
      if (event.operator === 'given') return `  given, and refused: ${brief(event.reason)}`;
      return event.model === undefined ? undefined : `  refused${tryOf(event)}: ${brief(event.reason)}`;
    case 'candidate.explained':
      return event.explanation.summary === ''
        ? undefined
        : `  why: ${brief(event.explanation.summary)}  candidate ${event.candidateId}`;
    case 'candidate.flagged':
      return event.findings
        .filter(({ severity }) => severity === 'error')
        .map(({ code, message }) => `  ${code}: ${brief(message)}  candidate ${event.candidateId}`)[0];
    case 'candidate.failed':
      return `  failed: ${event.reason}  candidate ${event.candidateId}`;
    case 'final.started':
      return `closing: ${event.trainings} trainings on fresh seeds`;
    default:
      return undefined;
  }
}

/** Follows a task to its end; `goOn` is the advice for one that is paused. On a terminal the view is live; elsewhere it is a few lines. */
export async function follow(
  client: Client,
  task: Task,
  signal: AbortSignal,
  goOn = `./rewardsmith resume ${task.id}`,
): Promise<void> {
  const extent = extentOf(task, availableParallelism());
  const view = process.stdout.isTTY === true ? terminalView(extent) : plainView(extent);
  let progress = begun;
  try {
    view.show(progress);
    for await (const event of client.events(task.id, 0, signal)) {
      const before = progress;
      progress = advance(before, event);
      const said = line(event, before, progress);
      if (said !== undefined) view.tell(said);
      view.show(progress);
      // Events of an earlier pause are read again; the task itself says whether it stands still now.
      if (event.type === 'task.paused') {
        const { status, pause } = await client.task(task.id);
        if (status !== 'paused') continue;
        const message = pause?.message ?? event.pause.message;
        const until = pause?.resumesAt ?? null;
        if (until !== null) {
          view.tell(`paused until ${until}, then it goes on by itself: ${brief(message)}`);
          continue;
        }
        throw new Fault(`The task is paused: ${message}\nWhen that is put right: ${goOn}`, 1);
      }
    }
  } finally {
    view.end();
  }
  if (progress.phase !== 'ended') {
    throw new Fault(`The service stopped before task ${task.id} had ended. The task goes on when it is back.`, 1);
  }
}
