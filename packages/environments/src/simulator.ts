import type { Random } from './random.ts';

/**
 * The dynamics of one environment. A simulator owns its memory and allocates nothing per step, because policy search
 * calls it millions of times a second.
 *
 * The episode's length is not its concern: whoever steps it truncates at `maxEpisodeSteps`.
 */
export interface Simulator {
  /** The present observation: every entry of every field, in the environment's order. Written in place. */
  readonly observation: Float64Array;
  /** Starts a new episode, drawn from `random` alone. */
  reset(random: Random): void;
  /**
   * Advances one step. `action` holds the action's number for a discrete action, else one entry a dimension, clipped
   * by the simulator to the declared bounds. Returns whether the task itself has ended the episode.
   */
  step(action: Float64Array): boolean;
}
