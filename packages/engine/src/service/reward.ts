import type { Environment, ParityRow } from '@rewardsmith/contracts';
import { smokeRollout } from '@rewardsmith/critic';
import { compile, type RewardProgram } from '@rewardsmith/language';
import { labelColumn, rowAt } from '@rewardsmith/rollouts';
import type { Sandbox } from '@rewardsmith/sandbox';
import { limits } from '../limits.ts';

/** The candidate's program; it was accepted, so it compiles. */
export function acceptedProgram(source: string, environment: Environment): RewardProgram {
  const compilation = compile(source, environment);
  if (!compilation.ok) {
    throw new Error(`an accepted candidate no longer compiles: ${compilation.findings[0]?.message ?? 'no finding'}`);
  }
  return compilation.program;
}

/**
 * Rows with the components that the sandbox computes for them, so that a trainer can check its copy of the reward.
 * Rows on which a component is not finite are left out: JSON cannot carry them.
 */
export async function parityRows(
  sandbox: Sandbox,
  tenant: string,
  program: RewardProgram,
): Promise<readonly ParityRow[]> {
  const { environment, source } = program;
  const rollout = smokeRollout(environment, 0);
  const outcome = await sandbox.label({ tenant, source, environment, rollout });
  if (outcome.kind !== 'ok') throw new Error(`parity rows could not be labelled: ${outcome.kind}`);
  const labels = outcome.value;
  const total = labelColumn(labels, 'total');
  const finite = Array.from({ length: rollout.steps }, (_, step) => step).filter((step) =>
    labels.columns.every((column) => Number.isFinite(column[step])),
  );
  const stride = Math.max(1, Math.floor(finite.length / limits.parityRows));
  return finite
    .filter((_, position) => position % stride === 0)
    .slice(0, limits.parityRows)
    .map((step) => ({
      input: rowAt(rollout, step),
      components: Object.fromEntries(
        program.components.map((name) => [name, labelColumn(labels, name)[step] ?? Number.NaN]),
      ),
      total: total[step] ?? Number.NaN,
    }));
}
