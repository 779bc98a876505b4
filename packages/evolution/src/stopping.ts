import type { Budget, Spending, StopReason } from '@rewardsmith/contracts';

export interface SearchState {
  readonly budget: Budget;
  readonly spending: Spending;
  /** Candidates proposed so far. */
  readonly candidates: number;
}

/** A stopper is a function from state to a reason, or to nothing. */
type Stopper = (state: SearchState) => StopReason | undefined;

const stoppers: readonly Stopper[] = [
  ({ budget, spending }) =>
    budget.environmentSteps !== undefined && spending.environmentSteps >= budget.environmentSteps
      ? 'budget-environment-steps'
      : undefined,
  ({ budget, spending }) =>
    budget.wallClockSeconds !== undefined && spending.wallClockSeconds >= budget.wallClockSeconds
      ? 'budget-wall-clock'
      : undefined,
  ({ budget, candidates }) =>
    budget.candidates !== undefined && candidates >= budget.candidates ? 'budget-candidates' : undefined,
];

/** The first cap of the budget that the search has reached; nothing while it may go on. */
export function capReached(state: SearchState): StopReason | undefined {
  for (const stopper of stoppers) {
    const reason = stopper(state);
    if (reason !== undefined) return reason;
  }
  return undefined;
}
