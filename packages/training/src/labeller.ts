import type { Labels, Rollout } from '@rewardsmith/rollouts';

/** A reward or fitness program that labels a whole rollout in one call. */
export type Labeller = (rollout: Rollout) => Labels;

/** A labeller that adds up the time spent in it. Time is only reported; nothing depends on it. */
export class TimedLabeller {
  seconds = 0;
  readonly #labeller: Labeller;

  constructor(labeller: Labeller) {
    this.#labeller = labeller;
  }

  label(rollout: Rollout): Labels {
    const from = performance.now();
    const labels = this.#labeller(rollout);
    this.seconds += (performance.now() - from) / 1000;
    return labels;
  }
}
