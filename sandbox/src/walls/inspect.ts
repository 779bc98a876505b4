import { Environment, type Kernel } from '@rewardsmith/contracts';
import { compile } from '@rewardsmith/language';
import { Rollout } from '@rewardsmith/rollouts';
import { limits } from '../limits.ts';
import { allowedGlobals } from '../runner/prelude.ts';
import { completeSettings } from '../settings.ts';
import { grantedHardening } from '../supervisor/hardening.ts';
import { labelOn } from '../supervisor/labelling.ts';
import { snapshotOf } from '../supervisor/rollout-snapshot.ts';
import { Supervisor } from '../supervisor/supervisor.ts';
import { containerWall } from './container.ts';
import type { WallReport } from './wall.ts';

const environment = Environment.parse({
  name: 'walls',
  observation: [{ name: 'x', shape: [] }],
  action: { kind: 'discrete', n: 2 },
  maxEpisodeSteps: 1,
});
const intruder = 'export function reward() { return { total: process.pid }; }';

/** Labels a row with how many globals it sees that are not on the golden list, or -1 when code can be made from text. */
const probe: Kernel = {
  source: `(columns, offsets, episodes, params, outputs) => {
    const allowed = ${JSON.stringify(allowedGlobals)};
    const extra = Object.getOwnPropertyNames(globalThis).filter((name) => !allowed.includes(name)).length;
    outputs[0][0] = (() => {}).constructor === Object && Object.isFrozen(Object.prototype) ? extra : -1;
  }`,
  columns: [],
  params: [],
  outputs: ['total'],
};

/** Tries each wall on this machine, with a runner of its own. Rejects never: what cannot be tried does not stand. */
export async function sandboxWalls(): Promise<readonly WallReport[]> {
  const supervisor = new Supervisor(completeSettings({ runners: 1, spares: 0 }));
  try {
    return await inspectWalls(supervisor);
  } finally {
    await supervisor.close();
  }
}

/** Tries each wall through a supervisor that is there already. */
export async function inspectWalls(supervisor: Supervisor): Promise<readonly WallReport[]> {
  const rollout = Rollout.allocate(environment, { steps: 1, episodes: 1 });
  rollout.steps = 1;
  rollout.endEpisode();
  const recorded = snapshotOf(rollout);
  let filtered = false;
  const outcome = await supervisor.run('walls', undefined, async (runner) => {
    // Too short a time for candidates is no missing wall: the probe has the default's at least.
    const { settings: given } = supervisor;
    const settings = {
      ...given,
      wallMilliseconds: Math.max(limits.wallMilliseconds, given.wallMilliseconds),
      cpuMilliseconds: Math.max(limits.cpuMilliseconds, given.cpuMilliseconds),
    };
    const labelled = await labelOn(runner, { kernel: probe, recorded, settings });
    // The probe is the service's own: whoever comes next gets this runner as if it were new.
    runner.tenant = undefined;
    filtered = runner.filtered;
    return labelled;
  });
  const isolated = outcome.kind === 'ok' && outcome.value.columns[0]?.[0] === 0;
  const trouble = 'message' in outcome ? `: ${outcome.message}` : '';
  return [
    languageWall(),
    {
      wall: 'isolate',
      stands: isolated,
      detail: isolated
        ? `${allowedGlobals.length} globals, all frozen`
        : `the isolate did not pass its probe${trouble}`,
    },
    processWall(outcome.kind === 'ok', filtered, trouble),
    containerWall(),
  ];
}

function languageWall(): WallReport {
  const refused = !compile(intruder, environment).ok;
  const detail = refused ? 'refuses what is not a reward program' : 'compiled a program that reaches for the process';
  return { wall: 'language', stands: refused, detail };
}

/** A runner starts only with every permission gone: see `Runner.start`. */
function processWall(started: boolean, filtered: boolean, trouble: string): WallReport {
  if (!started) return { wall: 'process', stands: false, detail: `no runner could be started${trouble}` };
  const { noNetwork, noCapabilities, endsWithSupervisor } = grantedHardening();
  const added = [
    filtered ? 'system calls filtered by the kernel' : undefined,
    noNetwork ? 'no network by the kernel' : undefined,
    noCapabilities ? 'no capabilities' : undefined,
    endsWithSupervisor ? 'ends with its supervisor by the kernel' : undefined,
  ].filter((each) => each !== undefined);
  const detail = ['no permission left', ...added].join(', ');
  return { wall: 'process', stands: true, detail };
}
