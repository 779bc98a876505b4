import { once } from 'node:events';
import type { TaskEvent } from '@rewardsmith/contracts';
import type { Store } from '@rewardsmith/store';
import { limits } from '../limits.ts';

const last: ReadonlySet<TaskEvent['type']> = new Set(['task.completed', 'task.failed', 'task.cancelled']);

/**
 * A task's events after `sequence`: first those that stand in the store, then each as it is written.
 * Ends after the task's last event, when the task had ended before, or when `signal` aborts.
 */
export async function* followEvents(
  store: Store,
  tenant: string,
  taskId: string,
  sequence: number,
  signal: AbortSignal,
): AsyncGenerator<TaskEvent> {
  const news = new EventTarget();
  let fresh = false;
  const stop = store.onEvents((changed) => {
    if (changed === undefined || changed === taskId) {
      fresh = true;
      news.dispatchEvent(new Event('news'));
    }
  });
  try {
    let after = sequence;
    while (!signal.aborted) {
      fresh = false;
      // Asked before the page is read: the last event is written with the end.
      const ended = (await store.readTask(tenant, taskId))?.finishedAt instanceof Date;
      const events = await store.readEvents(tenant, taskId, after, limits.eventPage);
      for (const event of events) {
        if (signal.aborted) return;
        yield event;
        after = event.sequence;
        if (last.has(event.type)) return;
      }
      if (events.length === 0 && ended) return;
      // A notice that came while the page was read or sent is not waited for again.
      if (events.length === 0 && !fresh) {
        await once(news, 'news', { signal }).catch(() => undefined);
      }
    }
  } finally {
    stop();
  }
}
