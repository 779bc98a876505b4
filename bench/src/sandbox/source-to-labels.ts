import { createSandbox } from '@rewardsmith/sandbox';
import { label, STEPS } from './speed.ts';
import { spread } from './spread.ts';
import { recorded } from './workload.ts';

/**
 * Milliseconds from source text to labels over 10,000 steps that the runner holds already, each time another program; after so many labellings of
 * a million steps, which leave a heap to be collected behind.
 */
export async function sourceToLabels(longOnes = 0, requests = 400) {
  const sandbox = await createSandbox({ runners: 1, runsPerRunner: 2 * requests });
  const short = recorded(10_000);
  const long = longOnes > 0 ? recorded(STEPS) : short;
  const milliseconds: number[] = [];
  try {
    for (let warm = 0; warm < 50; warm += 1) await label(sandbox, warm, short);
    for (let request = 0; request < longOnes; request += 1) await label(sandbox, request + 1_000, long);
    for (let request = 0; request < requests; request += 1) {
      milliseconds.push((await label(sandbox, request + 100, short)).all);
    }
  } finally {
    await sandbox.close();
  }
  return spread(milliseconds);
}
