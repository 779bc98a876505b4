import { type BuiltinEnvironment, randomStream, type Simulator, type Variation } from '@rewardsmith/environments';
import { Rollout, type RolloutCapacity } from '@rewardsmith/rollouts';
import { search } from './limits.ts';
import { Policy } from './policy.ts';

/** One episode to run: a policy's weights and the seed that the episode starts from. */
export interface EpisodeRequest {
  readonly weights: Float64Array;
  readonly seed: number;
}

/** Runs episodes into one rollout whose memory is reused; nothing is allocated per step. */
export class Collector {
  readonly rollout: Rollout;
  readonly policy: Policy;
  #simulator: Simulator;
  readonly #environment: BuiltinEnvironment;
  readonly #maxEpisodeSteps: number;

  constructor(environment: BuiltinEnvironment, capacity: RolloutCapacity) {
    this.rollout = Rollout.allocate(environment.definition, capacity);
    this.policy = new Policy(environment);
    this.#environment = environment;
    this.#simulator = environment.create();
    this.#maxEpisodeSteps = environment.definition.maxEpisodeSteps;
  }

  /** Runs what follows under other dynamics; under the published ones when nothing is given. */
  vary(variation: Variation = {}): void {
    this.#simulator = this.#environment.create(variation);
  }

  /**
   * Runs every episode in order. Each time the rollout is full, and at the end, `full` receives it with the index of
   * its first episode in the list; afterwards its memory is used again. Returns the steps taken.
   */
  run(episodes: Iterable<EpisodeRequest>, full: (rollout: Rollout, first: number) => void): number {
    const { rollout } = this;
    let steps = 0;
    let first = 0;
    rollout.clear();
    for (const { weights, seed } of episodes) {
      if (!this.#hasRoom()) {
        full(rollout, first);
        first += rollout.episodes;
        rollout.clear();
      }
      steps += this.#collect(weights, seed);
    }
    if (rollout.episodes > 0) full(rollout, first);
    return steps;
  }

  /** Whether one more episode of full length fits. */
  #hasRoom(): boolean {
    const { steps, episodes, capacity } = this.rollout;
    return steps + this.#maxEpisodeSteps <= capacity.steps && episodes < capacity.episodes;
  }

  /** Runs one episode of the policy with the given weights from a seed, and returns its steps. */
  #collect(weights: Float64Array, seed: number): number {
    const { rollout, policy } = this;
    const { values } = rollout;
    const stride = rollout.capacity.steps;
    const simulator = this.#simulator;
    const { observation } = simulator;
    const inputs = observation.length;
    const actions = policy.action.length;
    const next = inputs + actions;
    const flags = next + inputs;
    const first = rollout.steps;
    simulator.reset(randomStream(seed));
    let row = first;
    let ended = false;
    while (!ended) {
      for (let index = 0; index < inputs; index += 1) values[index * stride + row] = observation[index] ?? 0;
      policy.act(weights, observation);
      for (let index = 0; index < actions; index += 1) {
        values[(inputs + index) * stride + row] = policy.action[index] ?? 0;
      }
      const terminated = simulator.step(policy.action);
      for (let index = 0; index < inputs; index += 1) values[(next + index) * stride + row] = observation[index] ?? 0;
      const truncated = !terminated && row + 1 - first >= this.#maxEpisodeSteps;
      values[flags * stride + row] = terminated ? 1 : 0;
      values[(flags + 1) * stride + row] = truncated ? 1 : 0;
      ended = terminated || truncated;
      row += 1;
    }
    rollout.steps = row;
    rollout.endEpisode();
    return row - first;
  }
}

/** Room for the given number of full-length episodes, or for as many as the buffer's limit allows, at least one. */
export function capacityFor(environment: BuiltinEnvironment, episodes: number): RolloutCapacity {
  const { maxEpisodeSteps } = environment.definition;
  const episodeBytes = Rollout.bytes(environment.definition, { steps: maxEpisodeSteps, episodes: 1 });
  const fitting = Math.max(1, Math.min(episodes, Math.floor(search.rolloutBytes / episodeBytes)));
  return { steps: fitting * maxEpisodeSteps, episodes };
}
