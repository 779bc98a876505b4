import type { Environment, Fitness } from '@rewardsmith/contracts';
import type { Dynamics, Variation } from './dynamics.ts';
import type { Library } from './library.ts';
import type { Simulator } from './simulator.ts';

/** A task that trains inside the service: what a reward may see, how it is judged, and its dynamics. */
export interface BuiltinEnvironment {
  readonly definition: Environment;
  /** Reward-language source of `export function success`: a boolean, the task's success condition. */
  readonly success: string;
  /** What a user of the environment measures; higher is better. */
  readonly fitness: Fitness;
  /** Mean episode fitness at which a policy counts as having solved the task. */
  readonly solvedAt: number;
  /** Reward-language source: the outcome alone, without guidance. */
  readonly sparseReward: string;
  /** Reward-language source: the reward that people published for the task. */
  readonly humanReward: string;
  /** Chosen by measurement (docs/decisions/0002-policy-search.md) so that the order of rewards can be trusted. */
  readonly training: {
    /** Steps of one training run. */
    readonly environmentSteps: number;
    /** Independent training runs a candidate, at most. */
    readonly seeds: number;
    /** Share of one that tells good rewards from bad ones nearly as well as all of it (`docs/benchmarks.md`, rank agreement). */
    readonly screen: number;
  };
  /** The fields that a policy sees, every field when absent; the others are there for rewards alone. */
  readonly policyFields?: readonly string[];
  /** The numbers of the dynamics that held-out checks vary; rewards go on seeing the published ones in `env`. */
  readonly dynamics: Dynamics;
  /** What has to be loaded before the first `create`. */
  readonly library?: Library;
  /** A fresh simulator with the published dynamics, or with some of their numbers changed. */
  create(variation?: Variation): Simulator;
}
