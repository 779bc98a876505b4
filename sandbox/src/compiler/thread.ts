import { parentPort } from 'node:worker_threads';
import { type AnyJob, done } from './jobs.ts';

/** What this thread has used since it began, in milliseconds: what comes after it is the next job's. */
function spent(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

// What it took to start is no job's.
parentPort?.postMessage({ spent: spent() });
// Whoever started this thread sends one job at a time, and ends the thread where it takes too long.
parentPort?.on('message', (job: AnyJob) => parentPort?.postMessage({ end: done(job), spent: spent() }));
