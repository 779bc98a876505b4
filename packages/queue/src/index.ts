export { openQueue, type Queue, type QueueSettings, type Wake, type WakeListeners } from './queue.ts';
