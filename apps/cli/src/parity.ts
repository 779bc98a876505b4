import { chooseParitySteps, parityFile, type RewardProgram, seededRandom } from '@rewardsmith/language';
import { labelColumn, Rollout } from '@rewardsmith/rollouts';
import type { Sandbox } from '@rewardsmith/sandbox';
import { Fault } from './fault.ts';

/** The same program has the same rows wherever it is exported. */
const SEED = 2026;

/** The parity file of a program: steps that go every way of it, and what the sandbox makes of them. */
export async function parityText(sandbox: Sandbox, program: RewardProgram): Promise<string> {
  const { environment, source, entry } = program;
  const steps = chooseParitySteps(program, seededRandom(SEED));
  const rollout = Rollout.allocate(environment, {
    steps: steps.episodes.reduce((total, episode) => total + episode.length, 0),
    episodes: steps.episodes.length,
  });
  for (const episode of steps.episodes) {
    for (const row of episode) {
      for (const [index, value] of row.entries())
        rollout.values[index * rollout.capacity.steps + rollout.steps] = value;
      rollout.steps += 1;
    }
    rollout.endEpisode();
  }
  const outcome = await sandbox.label({ tenant: 'local', source, environment, entry, rollout });
  if (outcome.kind !== 'ok') throw new Fault(`the parity rows could not be labelled: ${outcome.kind}`, 1);
  const labels = outcome.value;
  return parityFile(program, steps, new Map(labels.names.map((name) => [name, labelColumn(labels, name)])));
}
