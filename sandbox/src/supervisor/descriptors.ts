import type { StdioOptions } from 'node:child_process';
import { openSync, readdirSync, readFileSync } from 'node:fs';
import { CHANNEL } from '../channel/messages.ts';

/** Linux's `O_CLOEXEC`: a descriptor with it ends where another program begins. */
const CLOSES_ON_EXEC = 0o2000000;

let nothing: number | undefined;

/**
 * A runner's descriptors: nothing to read, nothing to write to, and its channel. What this process was itself started with, such as a
 * pipe of a shell or of a service manager, would be handed on; libuv keeps back those with small numbers alone. In place of each the
 * runner gets one of `/dev/null`.
 */
export function runnerDescriptors(): StdioOptions {
  const descriptors: ('ignore' | 'pipe' | number)[] = ['ignore', 'ignore', 'ignore', 'pipe'];
  for (const inherited of handedOn()) {
    nothing ??= openSync('/dev/null', 'r');
    while (descriptors.length < inherited) descriptors.push('ignore');
    descriptors[inherited] = nothing;
  }
  return descriptors;
}

/** Numbers beyond the channel's that another program started by this process would have, in order; none where there is no /proc. */
function handedOn(): number[] {
  try {
    return readdirSync('/proc/self/fd')
      .map(Number)
      .filter((number) => number > CHANNEL && !closesOnExec(number))
      .sort((a, b) => a - b);
  } catch {
    return [];
  }
}

function closesOnExec(number: number): boolean {
  try {
    const flags = /^flags:\s+([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${number}`, 'latin1'))?.[1] ?? '0';
    return (Number.parseInt(flags, 8) & CLOSES_ON_EXEC) !== 0;
  } catch {
    // Closed meanwhile: it was the one that the directory was read by.
    return true;
  }
}
