import { readdirSync } from 'node:fs';
import { setPriority } from 'node:os';

/**
 * Sets the priority of a process, as `nice` counts it: on Linux of each of its threads, of which there the process's own number names the leading one alone.
 * Threads that are started later have that of the one that starts them. One that ends meanwhile is let go.
 */
export function setPriorityOfAll(pid: number, priority: number): void {
  for (const thread of threadsOf(pid)) {
    try {
      setPriority(thread, priority);
    } catch {
      // Gone already, or no right to: it keeps the priority that it has.
    }
  }
}

/** Numbers of its threads; where there is no `/proc`, its own. */
function threadsOf(pid: number): readonly number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number);
  } catch {
    return [pid];
  }
}
