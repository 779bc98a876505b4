import { type Outcome, Parity } from '@rewardsmith/contracts';
import { labelColumn, Rollout } from '@rewardsmith/rollouts';
import type { ProgramText, RunOptions, Sandbox } from '@rewardsmith/sandbox';
import { limits } from './limits.ts';

/** The sandbox gave no labels for the rows of a parity file. */
export class ParityUnlabelled extends Error {
  readonly outcome: Exclude<Outcome<never>, { kind: 'ok' }>;

  constructor(outcome: Exclude<Outcome<never>, { kind: 'ok' }>) {
    const why =
      outcome.kind === 'rejected'
        ? outcome.findings.map(({ code, message, advice }) => `${code}: ${message} ${advice}`).join('\n')
        : outcome.message;
    super(`the parity rows could not be labelled: ${outcome.kind}: ${why}`);
    this.name = 'ParityUnlabelled';
    this.outcome = outcome;
  }
}

/**
 * The text of a program's parity file: steps that go every way of it, and what the sandbox makes of them. The same
 * program has the same steps wherever it is exported. Throws `ParityUnlabelled`, and `ProgramTooCostly`.
 */
export async function parityText(
  sandbox: Sandbox,
  tenant: string,
  program: ProgramText,
  options: RunOptions = {},
): Promise<string> {
  const { environment, source, entry = 'reward' } = program;
  const compiler = sandbox.compiler({ tenant, signal: options.signal });
  const steps = await compiler.paritySteps(program, limits.paritySeed);
  const rollout = Rollout.allocate(environment, {
    steps: steps.episodes.reduce((total, episode) => total + episode.length, 0),
    episodes: steps.episodes.length,
  });
  for (const episode of steps.episodes) {
    for (const row of episode) {
      for (const [index, value] of row.entries()) {
        rollout.values[index * rollout.capacity.steps + rollout.steps] = value;
      }
      rollout.steps += 1;
    }
    rollout.endEpisode();
  }
  const outcome = await sandbox.label({ tenant, source, environment, entry, rollout }, options);
  if (outcome.kind !== 'ok') throw new ParityUnlabelled(outcome);
  const { names } = outcome.value;
  const labels = new Map(names.map((name) => [name, labelColumn(outcome.value, name)]));
  return compiler.parityFile(program, { steps, labels });
}

/** The same as a value. */
export async function parityOf(
  sandbox: Sandbox,
  tenant: string,
  program: ProgramText,
  options: RunOptions = {},
): Promise<Parity> {
  return Parity.parse(JSON.parse(await parityText(sandbox, tenant, program, options)));
}
