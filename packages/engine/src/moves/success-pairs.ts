import { type SuccessPair, searchSuccess } from '@rewardsmith/critic';
import { marginProgram } from '@rewardsmith/designer';
import type { BuiltinEnvironment } from '@rewardsmith/environments';
import { labelColumn, type Rollout } from '@rewardsmith/rollouts';
import type { Sandbox } from '@rewardsmith/sandbox';
import { InfrastructureFailure } from './failure.ts';

/**
 * Made-up steps that meet the environment's success condition beside such that do not, found by running the condition in the
 * sandbox: by its margin where it has one, else by whether it holds.
 */
export function successPairs(
  { definition, success }: BuiltinEnvironment,
  tenant: string,
  seed: number,
  sandbox: Sandbox,
): Promise<readonly SuccessPair[]> {
  const margin = marginProgram(success, definition);
  const labelled = async (rollout: Rollout, source: string, entry: 'reward' | 'success') => {
    const outcome = await sandbox.label({ tenant, source, environment: definition, entry, rollout });
    if (outcome.kind === 'ok') return labelColumn(outcome.value, 'total');
    throw new InfrastructureFailure(`the success condition could not be run over made-up steps: ${outcome.kind}`);
  };
  return searchSuccess(
    definition,
    async (rollout) => {
      const holds = await labelled(rollout, success, 'success');
      if (margin === undefined) return holds;
      const near = await labelled(rollout, margin, 'reward');
      // The margin leads; the condition itself decides, since a margin may leave a part of it out.
      return near.map((value, row) => ((holds[row] ?? 0) > 0 ? Math.max(value, Number.MIN_VALUE) : Math.min(value, 0)));
    },
    seed,
  );
}
