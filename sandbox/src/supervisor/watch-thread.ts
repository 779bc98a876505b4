import { getPriority, setPriority } from 'node:os';
import { workerData } from 'node:worker_threads';
import { limits } from '../limits.ts';
import { readUsage, type UsageReader } from './process-usage.ts';
import { monotonicMilliseconds, state, verdict, WatchTable } from './watch-table.ts';

/** How fast a process was seen to take memory, in bytes a millisecond: how long the watcher may look away. */
const FASTEST_GROWTH = 10 * 2 ** 20;
const SHORTEST = 1;
const LONGEST = 10;

interface Watched {
  readonly pid: number;
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

/** Looks at one runner, kills it when it is past a limit, and says how many milliseconds may pass before the next look. */
function look(row: number, table: WatchTable, watched: Map<number, Watched>): number {
  const pid = table.get(row, 'pid');
  const run = table.get(row, 'run');
  let entry = watched.get(row);
  if (entry === undefined || entry.pid !== pid) {
    forget(row, watched);
    entry = { pid, usage: readUsage(pid) };
    watched.set(row, entry);
  }
  const left = table.get(row, 'deadline') - monotonicMilliseconds();
  const bytes = entry.usage.residentBytes();
  const cpu = entry.usage.cpuMilliseconds();
  if (bytes === undefined || cpu === undefined) {
    // Gone, or not to be read now: the one limit that needs no reading holds all the same.
    const wasKilled = table.get(row, 'verdict') !== verdict.none;
    if (left < 0) kill(row, table, pid, run, verdict.deadline);
    // Of a kill that an earlier look sent: before it, only the leading thread may have gone.
    if (wasKilled && table.get(row, 'endedAt') === 0 && holds(row, table, pid, run))
      table.set(row, 'endedAt', monotonicMilliseconds());
    return Math.max(SHORTEST, Math.min(LONGEST, left));
  }
  const used = cpu - table.get(row, 'cpuAtArming');
  // What was read may be of the run before.
  if (table.get(row, 'run') !== run) return SHORTEST;
  table.set(row, 'cpuUsed', used);
  table.set(row, 'peakBytes', Math.max(bytes, table.get(row, 'peakBytes')));
  const headroom = table.get(row, 'memoryBytes') - bytes;
  if (headroom < 0) kill(row, table, pid, run, verdict.memory);
  else if (left < 0) kill(row, table, pid, run, verdict.deadline);
  else if (used > table.get(row, 'cpuMilliseconds')) kill(row, table, pid, run, verdict.cpu);
  else return Math.max(SHORTEST, Math.min(LONGEST, headroom / FASTEST_GROWTH, left));
  return SHORTEST;
}

/** Whether the row is still that of this runner at this run: the service may have given it to the next one meanwhile. */
function holds(row: number, table: WatchTable, pid: number, run: number): boolean {
  return table.get(row, 'pid') === pid && table.get(row, 'run') === run;
}

function kill(row: number, table: WatchTable, pid: number, run: number, why: number): void {
  const isFirst = table.get(row, 'verdict') === verdict.none && holds(row, table, pid, run);
  // Said before it is done: whoever sees the exit looks for the reason.
  if (isFirst) {
    table.set(row, 'verdictRun', run);
    table.set(row, 'verdict', why);
  }
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Already gone; the supervisor sees its exit.
  }
  if (isFirst) hasten(pid);
}

/** Has the leading thread of a killed process end soon on a busy machine. Where the service may not, it ends at the priority that it has. */
function hasten(pid: number): void {
  try {
    setPriority(pid, getPriority());
  } catch {
    // No right to, or gone.
  }
}

watch(new WatchTable(workerData.table), new Int32Array(workerData.wake));
