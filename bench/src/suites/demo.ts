import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, demoDefaults, startService } from '@rewardsmith/cli';
import { Candidate, Task } from '@rewardsmith/contracts';
import { z } from 'zod';

const Candidates = z.object({ items: z.array(z.object({ id: z.string() })), next: z.string().nullable() });

/** Resident memory of a process in megabytes, from the kernel's own account. */
async function residentMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) / 1024;
}

/** Names of the options of `run`. */
export const takes: readonly string[] = [];

/** The demo's task on a data directory that has been used before: start, seconds, memory, pace, share of labelling. */
export async function run(): Promise<Readonly<Record<string, unknown>>> {
  const data = await mkdtemp(join(tmpdir(), 'rewardsmith-bench-'));
  try {
    const coldBegan = performance.now();
    await (await startService({ data, port: 0 })).stop();
    const cold = (performance.now() - coldBegan) / 1000;
    const began = performance.now();
    const service = await startService({ data, port: 0 });
    const ready = (performance.now() - began) / 1000;
    try {
      const { task: environment, generations, population, seed } = demoDefaults;
      const client = new Client(service.url);
      const submitted = performance.now();
      const { id } = await client.submit({ environment, search: { generations, population, seed } });
      let resident = 0;
      for await (const _ of client.events(id, 0)) resident = Math.max(resident, await residentMegabytes(service.pid));
      const seconds = (performance.now() - submitted) / 1000;
      const task = Task.parse(await client.task(id));
      const page = Candidates.parse(await (await fetch(`${service.url}/v1/tasks/${id}/candidates?limit=200`)).json());
      let [trained, labelled, steps] = [0, 0, 0];
      for (const { id: candidate } of page.items) {
        const body = Candidate.parse(await (await fetch(`${service.url}/v1/candidates/${candidate}`)).json());
        for (const training of body.runs) {
          trained += training.seconds;
          labelled += training.labellingSeconds;
          steps += training.environmentSteps;
        }
      }
      return {
        coldStartSeconds: cold,
        warmStartSeconds: ready,
        demoSeconds: seconds,
        residentMegabytes: resident,
        environmentSteps: task.spending.environmentSteps,
        environmentStepsPerSecondAndRunner: steps / trained,
        labellingShare: labelled / trained,
        bestFitness: task.final?.best.mean ?? null,
        sparseFitness: task.final?.sparse.mean ?? null,
        humanFitness: task.final?.human.mean ?? null,
        humanScore: task.final?.humanScore ?? null,
      };
    } finally {
      await service.stop();
    }
  } finally {
    await rm(data, { recursive: true, force: true });
  }
}
