import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { type RunLimits, Watcher } from '../../src/supervisor/watcher.ts';

// Started by a test with few descriptors to spend: watches three processes, of which it says why each was killed. The
// first before descriptors run out, the second while there are none, the third when there are some again.
const ample = { answerBytes: 0, wallMilliseconds: 3_600_000, cpuMilliseconds: 3_600_000, memoryBytes: 2 ** 40 };
const watcher = new Watcher(3);

function idle() {
  // Ends with this process, whose end closes its input.
  return spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] });
}

function armed(pid: number | undefined, limits: Partial<RunLimits>) {
  const watched = watcher.enter(pid ?? 0);
  watched.arm({ ...ample, ...limits });
  watched.wake();
  return watched;
}

const processes = [idle(), idle(), idle()] as const;
const exits = processes.map((child) => once(child, 'exit'));
const first = armed(processes[0].pid, { wallMilliseconds: 100 });
await exits[0];

const taken: number[] = [];
try {
  for (;;) taken.push(openSync('/dev/null', 'r'));
} catch {
  // Not one is left.
}
const second = armed(processes[1].pid, { wallMilliseconds: 100 });
const third = armed(processes[2].pid, { memoryBytes: 1 });
await exits[1];
for (const descriptor of taken) closeSync(descriptor);
await exits[2];
process.stdout.write(JSON.stringify([first, second, third].map((watched) => watched.observe().verdict)));
process.exit();
