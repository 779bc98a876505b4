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
    if (left < 0) kill(row, table, run, verdict.deadline);
    if (table.get(row, 'verdict') !== verdict.none && table.get(row, 'endedAt') === 0)
      table.set(row, 'endedAt', monotonicMilliseconds());
    return Math.max(SHORTEST, Math.min(LONGEST, left));
  }
  const used = cpu - table.get(row, 'cpuAtArming');
  // What was read may be of the run before.
  if (table.get(row, 'run') !== run) return SHORTEST;
  table.set(row, 'cpuUsed', used);
  table.set(row, 'peakBytes', Math.max(bytes, table.get(row, 'peakBytes')));
  const headroom = table.get(row, 'memoryBytes') - bytes;
  if (headroom < 0) kill(row, table, run, verdict.memory);
  else if (left < 0) kill(row, table, run, verdict.deadline);
  else if (used > table.get(row, 'cpuMilliseconds')) kill(row, table, run, verdict.cpu);
  else return Math.max(SHORTEST, Math.min(LONGEST, headroom / FASTEST_GROWTH, left));
  return SHORTEST;
}

function kill(row: number, table: WatchTable, run: number, why: number): void {
  if (table.get(row, 'verdict') === verdict.none) {
    table.set(row, 'verdictRun', run);
    table.set(row, 'verdict', why);
  }
  const pid = table.get(row, 'pid');
  hasten(pid);
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Already gone; the supervisor sees its exit.
  }
}

/** Has a process end soon on a busy machine: giving its memory back takes processor time. Not everyone may. */
function hasten(pid: number): void {
  try {
    setPriority(pid, getPriority());
  } catch {
    // It ends at the priority that it has.
  }
}

watch(new WatchTable(workerData.table), new Int32Array(workerData.wake));
