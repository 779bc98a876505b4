import { workerData } from 'node:worker_threads';
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
 * Watches armed runners from a thread of its own, so that a kill does not wait for a busy service. Runs for ever;
 * sleeps until it is woken while no runner is armed.
 */
function watch(table: WatchTable, wake: Int32Array): void {
  const watched = new Map<number, Watched>();
  for (;;) {
    const seen = Atomics.load(wake, 0);
    let pause = Number.POSITIVE_INFINITY;
    for (let row = 0; row < table.rows; row += 1) {
      if (table.get(row, 'state') === state.free) forget(row, watched);
      else if (table.get(row, 'state') === state.armed) pause = Math.min(pause, look(row, table, watched));
    }
    Atomics.wait(wake, 0, seen, pause);
  }
}

function forget(row: number, watched: Map<number, Watched>): void {
  watched.get(row)?.usage.close();
  watched.delete(row);
}

/** Looks at one armed runner, kills it when it is past a limit, and says how many milliseconds may pass before the next look. */
function look(row: number, table: WatchTable, watched: Map<number, Watched>): number {
  const pid = table.get(row, 'pid');
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
    if (left < 0) kill(row, table, verdict.deadline);
    return Math.max(SHORTEST, Math.min(LONGEST, left));
  }
  const used = cpu - table.get(row, 'cpuAtArming');
  table.set(row, 'cpuUsed', used);
  table.set(row, 'peakBytes', Math.max(bytes, table.get(row, 'peakBytes')));
  const headroom = table.get(row, 'memoryBytes') - bytes;
  if (headroom < 0) kill(row, table, verdict.memory);
  else if (left < 0) kill(row, table, verdict.deadline);
  else if (used > table.get(row, 'cpuMilliseconds')) kill(row, table, verdict.cpu);
  else return Math.max(SHORTEST, Math.min(LONGEST, headroom / FASTEST_GROWTH, left));
  return SHORTEST;
}

function kill(row: number, table: WatchTable, why: number): void {
  if (table.get(row, 'verdict') === verdict.none) table.set(row, 'verdict', why);
  try {
    process.kill(table.get(row, 'pid'), 'SIGKILL');
  } catch {
    // Already gone; the supervisor sees its exit.
  }
}

watch(new WatchTable(workerData.table), new Int32Array(workerData.wake));
