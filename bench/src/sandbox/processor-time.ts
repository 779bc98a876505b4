import { readdirSync, readFileSync } from 'node:fs';
import { createSandbox } from '@rewardsmith/sandbox';
import { quantile, round } from './spread.ts';
import { cartpole, fiveTerms, recorded } from './workload.ts';

const STEPS = 1_000_000;

/** Milliseconds of processor time of a process's main thread, and of all of its others, to the nanosecond: see proc(5), schedstat. */
function spent(pid: number): { readonly main: number; readonly others: number } {
  let main = 0;
  let others = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const milliseconds = Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1').split(' ')[0]) / 1e6;
    if (Number(thread) === pid) main += milliseconds;
    else others += milliseconds;
  }
  return { main, others };
}

/**
 * Processor time that measuring a million steps takes, medians: of the runner's own thread, which one runner alone waits for; and
 * of all that runs beside it, the runner's other threads and the whole service, which two runners on two processors have to share
 * with. It says what keeps two runners from twice one, and changes little on a machine that does other work. Nothing without /proc.
 */
export async function processorTime(repeats = 40) {
  if (process.platform !== 'linux') return { processorMilliseconds: null };
  const sandbox = await createSandbox({ runners: 1, spares: 0, runsPerRunner: 10 * repeats });
  const rollout = recorded(STEPS);
  const times: { runner: number[]; runnerBeside: number[]; service: number[] } = {
    runner: [],
    runnerBeside: [],
    service: [],
  };
  try {
    for (let repeat = 0; repeat < repeats + 5; repeat += 1) {
      const pid = sandbox.status().runners[0]?.pid ?? process.pid;
      const [runner, service] = [spent(pid), spent(process.pid)];
      const source = fiveTerms(repeat + 1);
      const outcome = await sandbox.measure({ tenant: 'bench', source, environment: cartpole(), rollout });
      if (outcome.kind !== 'ok') throw new Error(`measuring ended as ${JSON.stringify(outcome)}`);
      // What the runner tidies up after its answer counts as well.
      await new Promise((resolve) => setTimeout(resolve, 100));
      if (repeat < 5) continue;
      const [runnerAfter, serviceAfter] = [spent(pid), spent(process.pid)];
      times.runner.push(runnerAfter.main - runner.main);
      times.runnerBeside.push(runnerAfter.others - runner.others);
      times.service.push(serviceAfter.main + serviceAfter.others - service.main - service.others);
    }
  } finally {
    await sandbox.close();
  }
  const [runner, runnerBeside, service] = [times.runner, times.runnerBeside, times.service].map((list) =>
    quantile(list, 0.5),
  );
  return {
    processorMilliseconds: {
      runner: round(runner ?? 0),
      runnerBeside: round(runnerBeside ?? 0),
      service: round(service ?? 0),
    },
  };
}
