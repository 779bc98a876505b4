import { closeSync, constants, fstatSync, writeSync } from 'node:fs';
import net from 'node:net';
import { CHANNEL } from '../channel/messages.ts';

/** Descriptors that a runner may have, as its shell bounds them. */
const MOST_DESCRIPTORS = 64;

/**
 * Closes the pipes by which libuv hands itself signals: what is read from one is an address, and is called. Whoever could write to it
 * would run machine code, and a runner awaits no signal. Elsewhere than on Linux threads wake each other by pipes, too.
 */
export function closeSignalPipes(): void {
  if (process.platform !== 'linux') return;
  for (let descriptor = CHANNEL + 1; descriptor < MOST_DESCRIPTORS; descriptor += 1) {
    try {
      if (fstatSync(descriptor).isFIFO()) closeSync(descriptor);
    } catch {
      // There is none of this number.
    }
  }
}

/** Has libuv open its spare descriptor, of `/dev/null`, as it does for the first stream of a process: later, that would be a file opened by a candidate. */
export function openSpareDescriptor(): void {
  net.connect({ path: '/' }).on('error', () => {
    // There is no such socket, or no permission for one: it is not for the connection.
  });
}

/** One turn of the event loop: in its first it takes note of its descriptors, and would miss any that was closed before. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** An `eventfd` is woken by a number of 64 bits. */
const WAKE = new Uint8Array(new BigUint64Array([1n]).buffer);
/** This thread's and the one by which V8's tasks are delayed; a third is that of Node's traces, which nothing runs but the end of the process. */
const RUNNING_LOOPS = 2;
/** Milliseconds: a busy machine takes tens. */
const PATIENCE = 5_000;

/**
 * Resolves, to true, once every event loop that runs has had its first turn, after which it asks the kernel for no more than to wait: each is woken, and
 * reads that when it waits. `unread` says which descriptors have something to be read. To false in a Node of other
 * loops, where they are not seen to.
 */
export async function firstTurns(unread: (descriptors: readonly number[]) => readonly number[]): Promise<boolean> {
  const wakers: number[] = [];
  for (let descriptor = CHANNEL + 1; descriptor < MOST_DESCRIPTORS; descriptor += 1) {
    if (wakes(descriptor)) wakers.push(descriptor);
  }
  const last = performance.now() + PATIENCE;
  while (wakers.length - unread(wakers).length < RUNNING_LOOPS) {
    if (performance.now() > last) return false;
    await turn();
  }
  return true;
}

/** Whether the descriptor is an `eventfd`, whose loop is then woken. */
function wakes(descriptor: number): boolean {
  try {
    // Those of the kernel's own that are no files, among which only this can be written to.
    return (fstatSync(descriptor).mode & constants.S_IFMT) === 0 && writeSync(descriptor, WAKE) === WAKE.length;
  } catch {
    return false;
  }
}
