import { type Collector, takeCollector } from '../collector.ts';
import { limits } from '../limits.ts';

let collect: Collector | undefined;
let received = 0;

/**
 * Tells that labels of so many bytes have come. V8 counts them, and the pieces that they came in, only towards a limit at which it collects everything, in some
 * 20 ms; most are dropped while they are young, and to collect the young alone takes one. So that is done here, once nobody waits for the labels.
 */
export function receivedLabels(bytes: number): void {
  received += bytes;
  if (received < limits.youngLabelBytes) return;
  received = 0;
  setImmediate(() => {
    collect ??= takeCollector();
    collect({ type: 'minor' });
  });
}
