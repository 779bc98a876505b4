import type { Stage, StageSpending } from '@rewardsmith/contracts';

type Amounts = Partial<Omit<StageSpending, 'stage'>>;

const nothing = { steps: 0, environmentSteps: 0, evaluationSteps: 0, seconds: 0, modelCalls: 0 };

function plus(a: StageSpending, b: Amounts): StageSpending {
  return {
    stage: a.stage,
    steps: a.steps + (b.steps ?? 0),
    environmentSteps: a.environmentSteps + (b.environmentSteps ?? 0),
    evaluationSteps: a.evaluationSteps + (b.evaluationSteps ?? 0),
    seconds: a.seconds + (b.seconds ?? 0),
    modelCalls: a.modelCalls + (b.modelCalls ?? 0),
  };
}

/** The spending with some more of one stage; stages stand in the order in which they first spent. */
export function spent(stages: readonly StageSpending[], stage: Stage, amounts: Amounts): StageSpending[] {
  return stages.some((each) => each.stage === stage)
    ? stages.map((each) => (each.stage === stage ? plus(each, amounts) : each))
    : [...stages, plus({ stage, ...nothing }, amounts)];
}
