import { describe, expect, test } from 'vitest';
import { exitEnding } from '../src/supervisor/ending.ts';
import type { Exit } from '../src/supervisor/runner-end.ts';

const usage = { wallMilliseconds: 500, cpuMilliseconds: 500, peakResidentBytes: 100 * 2 ** 20 };
const allowed = { wallMilliseconds: 500, cpuMilliseconds: 400, heapBytes: 64 * 2 ** 20 };
const observation = {
  cpuMilliseconds: 500,
  peakBytes: usage.peakResidentBytes,
  grownBytes: 0,
  part: 'candidate',
} as const;

type End = Partial<Exit> & { readonly verdict?: Exit['observation']['verdict']; readonly grownBytes?: number };

function ending({ verdict = 'none', grownBytes = 0, ...end }: End) {
  const exit = { code: null, signal: null, endedAgo: 0, channelFault: undefined, ...end };
  return exitEnding({ ...exit, observation: { ...observation, verdict } }, { usage, grownBytes, allowed });
}

describe('a runner that ends under its candidate', () => {
  test.each<[string, End, string, RegExp]>([
    ['at its deadline', { signal: 'SIGKILL', verdict: 'deadline' }, 'timed-out', /longer than 500 ms/],
    ['at its limit of CPU time', { signal: 'SIGKILL', verdict: 'cpu' }, 'timed-out', /more than 400 ms of CPU/],
    ['at its limit of memory', { signal: 'SIGKILL', verdict: 'memory' }, 'out-of-memory', /100 MB resident/],
    ['when it has no leading thread', { signal: 'SIGKILL', verdict: 'leaderless' }, 'crashed', /leading thread/],
    ['with too many threads', { signal: 'SIGKILL', verdict: 'threads' }, 'crashed', /more threads/],
    ['by itself', { code: 0 }, 'crashed', /exit code 0/],
    ['by itself, its leading thread first', { code: 0, verdict: 'leaderless' }, 'crashed', /exit code 0/],
    ['by itself, just before its deadline', { code: 7, verdict: 'deadline' }, 'crashed', /exit code 7/],
    ['by an abort, just before its deadline', { signal: 'SIGABRT', verdict: 'deadline' }, 'crashed', /SIGABRT/],
    [
      'by an abort, short of memory',
      { signal: 'SIGABRT', verdict: 'memory', grownBytes: 2 ** 30 },
      'out-of-memory',
      /1024 MB/,
    ],
    [
      'at its deadline, short of memory',
      { signal: 'SIGKILL', verdict: 'deadline', grownBytes: 2 ** 30 },
      'out-of-memory',
      /1024 MB/,
    ],
    [
      'for what it sent, as its deadline passed',
      { signal: 'SIGKILL', verdict: 'deadline', channelFault: 'x' },
      'crashed',
      /forged a message: x/,
    ],
  ])('%s: the candidate is told so', (_, end, kind, message) => {
    expect(ending(end)).toEqual({ kind, message: expect.stringMatching(message), usage });
  });

  test.each<[string, End]>([
    ['killed', { signal: 'SIGKILL' }],
    ['asked to stop', { signal: 'SIGTERM' }],
    ['asked to stop just before its deadline', { signal: 'SIGTERM', verdict: 'deadline' }],
  ])('%s from outside: that is not the candidate', (_, end) => {
    expect(ending(end)).toMatchObject({ kind: 'infrastructure', message: expect.stringContaining('from outside') });
  });
});
