import { getPriority } from 'node:os';
import { workerData } from 'node:worker_threads';
import { limits } from '../limits.ts';
import { mostThreads } from './most-threads.ts';
import { setPriorityOfAll } from './priority.ts';
import { readUsage, type UsageReader } from './process-usage.ts';
import { monotonicMilliseconds, state, verdict, WatchTable } from './watch-table.ts';

/** How fast a process was seen to take memory, in bytes a millisecond: how long the watcher may look away. */
const FASTEST_GROWTH = 10 * 2 ** 20;
const SHORTEST = 1;
const LONGEST = 10;

interface Watched {
  readonly entered: number;
  readonly usage: UsageReader;
}

/**
 * Watches runners from a thread of its own, so that a kill does not wait for a busy service: closely while they work,
 * and now and then while they rest, for who knows what a candidate has left behind. Runs for ever; sleeps until it is
 * woken while no runner has been used.
 */
function watch(table: WatchTable, wake: Int32Array): void {
  const watched = new Map<number, Watched>();
  for (;;) {
    const seen = Atomics.load(wake, 0);
    let pause = Number.POSITIVE_INFINITY;
    for (let row = 0; row < table.rows; row += 1) {
      const now = table.get(row, 'state');
      if (now === state.free) forget(row, watched);
      else if (now === state.armed) pause = Math.min(pause, look(row, table, watched));
      else if (now === state.resting) {
        look(row, table, watched);
        pause = Math.min(pause, limits.restingLookMilliseconds);
      }
    }
    Atomics.wait(wake, 0, seen, pause);
  }
}

function forget(row: number, watched: Map<number, Watched>): void {
  watched.get(row)?.usage.close();
  watched.delete(row);
}

/** A row as it was when a look began: the service may give it to the next run, its next part or another runner meanwhile. */
interface Seen {
  readonly row: number;
  readonly version: number;
  readonly entered: number;
  readonly pid: number;
  readonly run: number;
  readonly part: number;
}

/** Looks at one runner, kills it when it is past a limit, and says how many milliseconds may pass before the next look. */
function look(row: number, table: WatchTable, watched: Map<number, Watched>): number {
  const version = table.version(row);
  const [pid, entered] = [table.get(row, 'pid'), table.get(row, 'entered')];
  const seen = { row, version, pid, entered, run: table.get(row, 'run'), part: table.get(row, 'part') };
  const isWatched = table.get(row, 'state') === state.armed || table.get(row, 'state') === state.resting;
  if (!isWatched || version % 2 !== 0 || !holds(seen, table)) return SHORTEST;
  const usage = readerOf(seen, watched);
  const wasKilled = table.get(row, 'verdict') !== verdict.none;
  const left = table.get(row, 'deadline') - monotonicMilliseconds();
  const bytes = usage.residentBytes();
  const cpu = usage.cpuMilliseconds();
  const threads = usage.threads() ?? 1;
  // One without memory, or of which none can be read, may be at its end.
  const standing = bytes === undefined || bytes === 0 ? usage.standing() : 'runs';
  // What cannot be read now is held to those limits that can.
  const used = cpu === undefined ? 0 : cpu - table.get(row, 'cpuAtArming');
  const headroom = table.get(row, 'memoryBytes') - (bytes ?? 0);
  const isOverCpu = used > table.get(row, 'cpuMilliseconds');
  // What was read may be of the run before.
  if (!holds(seen, table)) return SHORTEST;
  if (cpu !== undefined) table.set(row, 'cpuUsed', used);
  if (bytes !== undefined) table.set(row, 'peakBytes', Math.max(bytes, table.get(row, 'peakBytes')));
  if (standing === 'ends') {
    // It has a reason of its own, whichever limit it passes meanwhile; and its number may be another's soon.
    if (wasKilled && table.get(row, 'endedAt') === 0) table.set(row, 'endedAt', monotonicMilliseconds());
  } else if (standing === 'leaderless') kill(seen, table, verdict.leaderless);
  else if (threads > mostThreads) kill(seen, table, verdict.threads);
  else if (headroom < 0) kill(seen, table, verdict.memory);
  else if (left < 0) kill(seen, table, verdict.deadline);
  else if (isOverCpu) kill(seen, table, verdict.cpu);
  else return Math.max(SHORTEST, Math.min(LONGEST, headroom / FASTEST_GROWTH, left));
  return SHORTEST;
}

function readerOf({ row, pid, entered }: Seen, watched: Map<number, Watched>): UsageReader {
  const known = watched.get(row);
  if (known?.entered === entered) return known.usage;
  forget(row, watched);
  const usage = readUsage(pid);
  watched.set(row, { entered, usage });
  return usage;
}

function holds({ row, version }: Seen, table: WatchTable): boolean {
  return table.version(row) === version;
}

function kill(seen: Seen, table: WatchTable, why: number): void {
  if (!holds(seen, table)) return;
  const { row, pid, run, part } = seen;
  const isFirst = table.get(row, 'verdict') === verdict.none;
  // Said before it is done: whoever sees the exit looks for the reason.
  if (isFirst) {
    table.set(row, 'verdictRun', run);
    table.set(row, 'verdictPart', part);
    table.set(row, 'verdict', why);
  }
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Already gone; the supervisor sees its exit.
  }
  // That it ends soon on a busy machine. Where the service may not raise it, it ends at the priority that it has, as do threads that are too many to go over.
  if (isFirst && why !== verdict.threads) setPriorityOfAll(pid, getPriority());
}

watch(new WatchTable(workerData.table), new Int32Array(workerData.wake));
