import { createHash } from 'node:crypto';
import type { Checkpoint, Fitness, LabelledEpisode, TrainingRun, VariedMeasurement } from '@rewardsmith/contracts';
import { type BuiltinEnvironment, drawVariation, randomStream } from '@rewardsmith/environments';
import { labelColumn } from '@rewardsmith/rollouts';
import { CmaEs } from './cma-es.ts';
import { Collector, capacityFor, type EpisodeRequest } from './collector.ts';
import { type EpisodeSummary, labelledEpisode, sum, summarise } from './episodes.ts';
import { type Labeller, TimedLabeller } from './labeller.ts';
import { search } from './limits.ts';
import { sampleEpisodes, seeds, stepsOf } from './sampling.ts';
import { admit, type Finalist, rankingReturn, selectionEpisodes } from './selection.ts';
import { Stagnation } from './stagnation.ts';
import { checkpoint, mean, statistics } from './statistics.ts';
import { stream } from './streams.ts';

export interface Evaluation {
  readonly seed: number;
  readonly episodes: number;
  readonly variations?: number;
}

export interface TrainingOptions {
  readonly environment: BuiltinEnvironment;
  /**
   * Steps to train for, the choice among policies included. The search stops where one more generation like the last would
   * pass them, so that a run may end a little before or after. The evaluation is counted apart.
   */
  readonly environmentSteps: number;
  readonly seed: number;
  /**
   * Episodes on which the chosen policy is measured, from a seed of their own; and, where `variations` is given, as many
   * more, divided among so many variations of the dynamics, which that seed draws too.
   */
  readonly evaluation: Evaluation;
  /** The reward that is trained on. */
  readonly reward: Labeller;
  /** What is measured; never seen by the search. */
  readonly fitness: Labeller;
  readonly aggregate: Fitness['aggregate'];
  readonly success: Labeller;
  readonly onProgress?: (progress: { environmentSteps: number }) => void;
}

export interface TrainingResult {
  readonly run: TrainingRun;
  /**
   * The evaluation's best, worst and median episode by fitness, fewer when it has fewer; then, where variations were measured,
   * the worst episode of the worst of them, with its dynamics.
   */
  readonly episodes: readonly LabelledEpisode[];
  /** The chosen policy's weights. */
  readonly policy: readonly number[];
  /** Candidate policies whose return was no finite number; they rank under every other. */
  readonly nonFiniteReturns: number;
}

/**
 * Trains one policy on one reward by CMA-ES with restarts and measures it. The policy is chosen by the reward alone.
 * The same options give the same result to the last bit, times excepted.
 */
export function trainPolicy(options: TrainingOptions): TrainingResult {
  const from = performance.now();
  const training = new Training(options);
  training.search();
  const weights = training.choose();
  return training.measure(weights, from);
}

class Training {
  readonly #options: TrainingOptions;
  readonly #reward: TimedLabeller;
  readonly #collector: Collector;
  readonly #selectionSeeds: readonly number[];
  readonly #checkpoints: Checkpoint[] = [];
  readonly #path = createHash('sha256');
  #finalists: readonly Finalist[] = [];
  #environmentSteps = 0;
  #evaluationSteps = 0;
  /** Steps of the latest generation. */
  #generationSteps = 0;
  /** Mean length of the latest policy's selection episodes. */
  #episodeLength = 0;
  #nonFiniteReturns = 0;

  constructor(options: TrainingOptions) {
    this.#options = options;
    this.#reward = new TimedLabeller(options.reward);
    const episodes = Math.max(search.population * search.maxEpisodes, options.evaluation.episodes);
    this.#collector = new Collector(options.environment, capacityFor(options.environment, episodes));
    const { maxEpisodeSteps } = options.environment.definition;
    this.#selectionSeeds = seeds(
      selectionEpisodes(options.environmentSteps, maxEpisodeSteps),
      options.seed,
      stream.selection,
    );
  }

  /** Spends the budget: restart after restart, each with a larger population. */
  search(): void {
    let population: number = search.population;
    for (let restart = 0; !this.#spent; restart += 1) {
      this.#searchOnce(restart, population);
      population = Math.min(Math.ceil(population * search.populationGrowth), search.maxPopulation);
    }
  }

  #searchOnce(restart: number, population: number): void {
    const { seed, onProgress } = this.#options;
    const { parameterCount } = this.#collector.policy;
    const cma = new CmaEs(parameterCount, population, search.initialSigma, randomStream(seed, stream.noise, restart));
    let stagnation = new Stagnation();
    let episodes: number = search.minEpisodes;
    while (!this.#spent && cma.sigma > search.initialSigma * search.convergedSigma) {
      cma.sample();
      const before = this.#environmentSteps;
      const values = this.#returns(cma.candidates, seeds(episodes, seed, stream.resets, restart, cma.generation));
      this.#generationSteps = this.#environmentSteps - before;
      cma.update(values);
      if (this.#environmentSteps >= this.#nextCheckpoint) {
        this.#enter(cma.mean);
        this.#enter(cma.candidates[values.indexOf(values.reduce((a, b) => Math.max(a, b)))] ?? cma.mean);
        this.#look();
      }
      onProgress?.({ environmentSteps: this.#environmentSteps });
      if (stagnation.observe(values)) {
        if (episodes >= search.maxEpisodes) break;
        episodes *= 2;
        stagnation = new Stagnation();
      }
    }
    this.#enter(cma.mean);
  }

  /** Whether another generation like the last, and the final choice after it, would pass the budget. */
  get #spent(): boolean {
    const choice = (search.finalists + 1) * this.#selectionSeeds.length * this.#episodeLength;
    return this.#environmentSteps + this.#generationSteps + choice >= this.#options.environmentSteps;
  }

  get #nextCheckpoint(): number {
    return ((this.#checkpoints.length + 1) * this.#options.environmentSteps) / search.checkpoints;
  }

  /** Mean return of every policy over the same episodes; `-Infinity` where it is not finite. */
  #returns(policies: readonly Float64Array[], episodeSeeds: readonly number[]): Float64Array {
    const values = new Float64Array(policies.length);
    const requests = policies.flatMap((weights) => episodeSeeds.map((seed): EpisodeRequest => ({ weights, seed })));
    this.#environmentSteps += this.#collector.run(requests, (rollout, first) => {
      // Read before the reward is asked, which could write to what it is handed.
      const spans = Array.from({ length: rollout.episodes }, (_, episode) => rollout.span(episode));
      const total = labelColumn(this.#reward.label(rollout), 'total');
      for (const [episode, [from, to]] of spans.entries()) {
        const policy = Math.floor((first + episode) / episodeSeeds.length);
        values[policy] = (values[policy] ?? 0) + sum(total.subarray(from, to)) / episodeSeeds.length;
      }
    });
    for (let policy = 0; policy < values.length; policy += 1) {
      if (Number.isFinite(values[policy])) continue;
      values[policy] = Number.NEGATIVE_INFINITY;
      this.#nonFiniteReturns += 1;
    }
    return values;
  }

  /** Runs a policy on the selection episodes and lets it compete with the finalists. */
  #enter(policy: Float64Array): void {
    const weights = policy.slice();
    this.#path.update(new Uint8Array(weights.buffer));
    const episodes = this.#summaries(weights, this.#selectionSeeds);
    const steps = stepsOf(episodes);
    this.#environmentSteps += steps;
    this.#episodeLength = steps / episodes.length;
    this.#finalists = admit(this.#finalists, {
      weights,
      return: rankingReturn(episodes.map((episode) => episode.return)),
      episodes,
    });
  }

  #look(): void {
    this.#checkpoints.push(checkpoint(this.#environmentSteps, this.#finalists[0]?.episodes ?? []));
  }

  /** The finalist with the greatest return on fresh episodes. */
  choose(): Float64Array {
    const fresh = seeds(this.#selectionSeeds.length, this.#options.seed, stream.finalists);
    if (this.#checkpoints.length < search.checkpoints) this.#look();
    const values = this.#returns(
      this.#finalists.map(({ weights }) => weights),
      fresh,
    );
    const best = this.#finalists[values.indexOf(values.reduce((a, b) => Math.max(a, b)))];
    return best?.weights ?? new Float64Array(this.#collector.policy.parameterCount);
  }

  /** Measures the chosen policy on the evaluation's own episodes. */
  measure(weights: Float64Array, from: number): TrainingResult {
    const { evaluation, seed } = this.#options;
    const evaluationSeeds = seeds(evaluation.episodes, evaluation.seed, stream.evaluation);
    const episodes = this.#summaries(weights, evaluationSeeds);
    const samples = sampleEpisodes(episodes).map((index) =>
      this.#sample(weights, evaluationSeeds[index] ?? 0, episodes[index]),
    );
    const idle = this.#summaries(
      new Float64Array(weights.length),
      evaluationSeeds.slice(0, search.minSelectionEpisodes),
    );
    this.#evaluationSteps += stepsOf(episodes) + stepsOf(idle);
    const shaken = this.#measureVaried(weights);
    const all = shaken === undefined ? samples : [...samples, shaken.worst];
    this.#evaluationSteps += sum(all.map(({ components }) => components['total']?.length ?? 0));
    return {
      run: {
        seed,
        environmentSteps: this.#environmentSteps,
        evaluationSteps: this.#evaluationSteps,
        fitness: mean(episodes.map((episode) => episode.fitness)),
        untrainedFitness: mean(idle.map((episode) => episode.fitness)),
        episodes: episodes.length,
        successRate: mean(episodes.map(({ succeeded }) => (succeeded ? 1 : 0))),
        episodeLength: mean(episodes.map(({ length }) => length)),
        return: statistics(episodes.map((episode) => episode.return)).mean,
        path: this.#path.digest('hex').slice(0, 32),
        ...(shaken === undefined ? {} : { varied: shaken.varied }),
        checkpoints: this.#checkpoints,
        seconds: (performance.now() - from) / 1000,
        labellingSeconds: this.#reward.seconds,
      },
      episodes: all,
      policy: [...weights],
      nonFiniteReturns: this.#nonFiniteReturns,
    };
  }

  /** Measures the chosen policy under dynamics that it was not trained on: the same for every reward of one evaluation seed. */
  #measureVaried(weights: Float64Array): { varied: VariedMeasurement; worst: LabelledEpisode } | undefined {
    const { environment, evaluation } = this.#options;
    const { variations = 0 } = evaluation;
    if (variations === 0) return undefined;
    const each = Math.max(1, Math.round(evaluation.episodes / variations));
    const measured = Array.from({ length: variations }, (_, index) => {
      const dynamics = drawVariation(environment.dynamics, randomStream(evaluation.seed, stream.variations, index));
      this.#collector.vary(dynamics);
      const episodeSeeds = seeds(each, evaluation.seed, stream.varied, index);
      const episodes = this.#summaries(weights, episodeSeeds);
      this.#evaluationSteps += stepsOf(episodes);
      return episodes.map((summary, place) => ({ dynamics, index, summary, seed: episodeSeeds[place] ?? 0 }));
    });
    const variationFitness = measured.map((each) => mean(each.map(({ summary }) => summary.fitness)));
    const all = measured.flat();
    const [worst] = all.toSorted(
      (a, b) =>
        (variationFitness[a.index] ?? 0) - (variationFitness[b.index] ?? 0) || a.summary.fitness - b.summary.fitness,
    );
    if (worst === undefined) return undefined;
    this.#collector.vary(worst.dynamics);
    const sample = { ...this.#sample(weights, worst.seed, worst.summary), dynamics: worst.dynamics };
    this.#collector.vary();
    const varied = {
      fitness: mean(all.map(({ summary }) => summary.fitness)),
      successRate: mean(all.map(({ summary }) => (summary.succeeded ? 1 : 0))),
      episodes: all.length,
      variations: measured.map((each, index) => ({
        dynamics: each[0]?.dynamics ?? {},
        fitness: variationFitness[index] ?? 0,
      })),
    };
    return { varied, worst: sample };
  }

  #summaries(weights: Float64Array, episodeSeeds: readonly number[]): EpisodeSummary[] {
    const { fitness, success, aggregate } = this.#options;
    const summaries: EpisodeSummary[] = [];
    this.#collector.run(
      episodeSeeds.map((seed) => ({ weights, seed })),
      (rollout) => {
        // The reward last: whatever it does to the memory that it is handed, it is measured on what was there before.
        const spans = Array.from({ length: rollout.episodes }, (_, episode) => rollout.span(episode));
        const measured = { fitness: fitness(rollout), success: success(rollout) };
        summaries.push(...summarise(spans, { ...measured, reward: this.#reward.label(rollout) }, aggregate));
      },
    );
    return summaries;
  }

  #sample(weights: Float64Array, seed: number, summary: EpisodeSummary | undefined): LabelledEpisode {
    const { rollout } = this.#collector;
    this.#collector.run([{ weights, seed }], () => {});
    return labelledEpisode(rollout, 0, (recorded) => this.#reward.label(recorded), {
      seed,
      fitness: summary?.fitness ?? 0,
      succeeded: summary?.succeeded ?? false,
    });
  }
}
