import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createSandbox, type Sandbox } from '@rewardsmith/sandbox';
import { RawSandbox } from '../../../sandbox/src/raw/sandbox.ts';
import { childrenOf } from '../../../sandbox/test/support/processes.ts';
import { cartpole, fiveTerms, recorded } from './workload.ts';

const poison = new URL('../../../sandbox/test/fixtures/hostile/integrity/', import.meta.url);

/** Collects this process's garbage: what is measured next is what it keeps. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  if (typeof collect === 'function') collect();
}

function residentMegabytes(pid: number): number {
  const pages = Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]);
  return (pages * 4096) / 2 ** 20;
}

/**
 * Good runs on one and the same runner after it has run every program that poisons what it can reach: how many came out
 * wrong, what service and runner hold after each sixth of them, and how much more at the end than after the first sixth, in
 * which V8 takes the memory that it makes new objects in and the system's allocator what it hands out again.
 */
export async function leaks(runs = 24_000) {
  const sandbox = new RawSandbox(['language'], { wallMilliseconds: 60_000, runsPerRunner: 10 * runs });
  try {
    await sandbox.goodRunRight();
    const [first] = sandbox.status.runners;
    for (const name of readdirSync(poison)) {
      const source = readFileSync(new URL(name, poison), 'utf8');
      // Those that end by a limit end their runner, too.
      if (!/^\/\/ expects .*(timed-out|out-of-memory)/m.test(source)) await sandbox.run(source);
    }
    const look = () => {
      collectGarbage();
      const [runner] = sandbox.status.runners;
      return {
        service: residentMegabytes(process.pid),
        runner: residentMegabytes(runner?.pid ?? 0),
        descriptors: readdirSync('/proc/self/fd').length,
        runnerDescriptors: runner === undefined ? 0 : readdirSync(`/proc/${runner.pid}/fd`).length,
        processes: childrenOf(process.pid).filter((pid) => pid !== '').length,
      };
    };
    let contaminated = 0;
    const seen: ReturnType<typeof look>[] = [];
    for (let run = 1; run <= runs; run += 1) {
      if (!(await sandbox.goodRunRight())) contaminated += 1;
      if (run % (runs / 6) === 0) seen.push(look());
    }
    const [before, after] = [seen[0] ?? look(), seen.at(-1) ?? look()];
    return {
      runsAfterPoisoning: runs,
      runsContaminated: contaminated,
      sameRunnerThroughout: sandbox.status.runners[0]?.pid === first?.pid,
      serviceMegabytes: seen.map(({ service }) => Math.round(service)),
      runnerMegabytes: seen.map(({ runner }) => Math.round(runner)),
      serviceMegabytesGrown: Math.round(after.service - before.service),
      runnerMegabytesGrown: Math.round(after.runner - before.runner),
      serviceDescriptorsGrown: after.descriptors - before.descriptors,
      runnerDescriptorsGrown: after.runnerDescriptors - before.runnerDescriptors,
      processesGrown: after.processes - before.processes,
    };
  } finally {
    await sandbox.close();
  }
}

async function digest(sandbox: Sandbox, rollout: ReturnType<typeof recorded>): Promise<string> {
  const outcome = await sandbox.label({ tenant: 'bench', source: fiveTerms(1.5), environment: cartpole(), rollout });
  if (outcome.kind !== 'ok') return outcome.kind;
  const hash = createHash('sha256');
  for (const column of outcome.value.columns) hash.update(column);
  return hash.digest('hex');
}

/** The same program and rows again and again, over many runners, the first run of each cold: how many runs differed. */
export async function determinism(runs = 1_000) {
  const sandbox = await createSandbox({ runners: 1, spares: 1, runsPerRunner: 50, wallMilliseconds: 60_000 });
  const rollout = recorded(2_000);
  try {
    const first = await digest(sandbox, rollout);
    let different = first.length === 64 ? 0 : 1;
    for (let run = 1; run < runs; run += 1) if ((await digest(sandbox, rollout)) !== first) different += 1;
    return { sameRuns: runs, sameRunsOverRunners: sandbox.status().started, sameRunsDifferent: different };
  } finally {
    await sandbox.close();
  }
}
