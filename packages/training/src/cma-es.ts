import { type Random, uniform } from '@rewardsmith/environments';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { search } from './limits.ts';

/** Variances are kept above rounding, so that the covariance stays positive definite. */
const MIN_VARIANCE = 1e-20;

/**
 * The covariance matrix adaptation evolution strategy, maximising (Hansen, "The CMA evolution strategy: a tutorial",
 * arXiv 1604.00772; symbols as there), with mirrored sampling and pairwise selection: of each pair of opposite
 * samples only the better one may become a parent, which keeps the step size unbiased (Auger, Brockhoff and Hansen, GECCO 2011).
 * Only the order of the values counts; equal values share their weight, and a flat generation widens the search.
 *
 * Weights and rates are the tutorial's positive ones, with pairs in the place of samples. Where it leaves the tutorial: no weight is
 * negative; c_μ has no quarter in its numerator, which newer versions add; the covariance is not made up for a stalled path (δ(h_σ), which the tutorial itself
 * holds to matter little); the axes are renewed every 1 / (n (c_1 + c_μ)) generations, in which the covariance changes by a share of about
 * 1 / n, ten times as rarely; a flat generation multiplies σ by 1.1; and σ is capped.
 */
export class CmaEs {
  readonly dimension: number;
  /** Samples a generation; even. */
  readonly population: number;
  readonly mean: Float64Array;
  /** The samples of the latest `sample`, one a candidate. */
  readonly candidates: readonly Float64Array[];
  sigma: number;
  generation = 0;

  readonly #random: Random;
  readonly #weights: Float64Array;
  readonly #muEffective: number;
  readonly #cSigma: number;
  readonly #dSigma: number;
  readonly #cC: number;
  readonly #c1: number;
  readonly #cMu: number;
  readonly #expectedNorm: number;
  readonly #eigenInterval: number;
  /** Row-major; only the lower triangle is kept. */
  readonly #covariance: Float64Array;
  readonly #pathSigma: Float64Array;
  readonly #pathC: Float64Array;
  /** y = B D z of the first sample of each pair; the second is its opposite. */
  readonly #directions: readonly Float64Array[];
  /** Eigenvectors of the covariance, one a column, row-major; their scales are the roots of the eigenvalues. */
  readonly #axes: Float64Array;
  readonly #scales: Float64Array;
  #decomposedAt = 0;

  /**
   * `dimension`: numbers of a candidate, at least 1. `population`: at least 2, rounded up to an even number. `sigma`: the first
   * step size, above 0, in the units of a candidate's numbers. The mean begins at 0, the covariance at the identity.
   */
  constructor(dimension: number, population: number, sigma: number, random: Random) {
    const n = dimension;
    this.dimension = n;
    this.population = population + (population % 2);
    this.mean = new Float64Array(n);
    this.sigma = sigma;
    this.#random = random;
    const parents = this.population / 2;
    const raw = Float64Array.from({ length: parents }, (_, index) => Math.log(parents + 0.5) - Math.log(index + 1));
    const sum = raw.reduce((total, weight) => total + weight, 0);
    this.#weights = raw.map((weight) => weight / sum);
    const mu = 1 / this.#weights.reduce((total, weight) => total + weight * weight, 0);
    this.#muEffective = mu;
    this.#cSigma = (mu + 2) / (n + mu + 5);
    this.#dSigma = 1 + 2 * Math.max(0, Math.sqrt((mu - 1) / (n + 1)) - 1) + this.#cSigma;
    this.#cC = (4 + mu / n) / (n + 4 + (2 * mu) / n);
    this.#c1 = 2 / ((n + 1.3) ** 2 + mu);
    this.#cMu = Math.min(1 - this.#c1, (2 * (mu - 2 + 1 / mu)) / ((n + 2) ** 2 + mu));
    this.#expectedNorm = Math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n));
    this.#eigenInterval = Math.max(1, Math.floor(1 / (n * (this.#c1 + this.#cMu))));
    this.#covariance = identity(n);
    this.#axes = identity(n);
    this.#scales = new Float64Array(n).fill(1);
    this.#pathSigma = new Float64Array(n);
    this.#pathC = new Float64Array(n);
    this.#directions = Array.from({ length: parents }, () => new Float64Array(n));
    this.candidates = Array.from({ length: this.population }, () => new Float64Array(n));
  }

  /** Draws a generation into `candidates`; 2k and 2k + 1 are opposite. */
  sample(): void {
    const n = this.dimension;
    const axes = this.#axes;
    const scaled = new Float64Array(n);
    this.#directions.forEach((direction, pair) => {
      for (let index = 0; index < n; index += 1) scaled[index] = (this.#scales[index] ?? 0) * normal(this.#random);
      for (let row = 0; row < n; row += 1) {
        let sum = 0;
        for (let column = 0; column < n; column += 1) sum += (axes[row * n + column] ?? 0) * (scaled[column] ?? 0);
        direction[row] = sum;
      }
      const first = this.candidates[2 * pair];
      const second = this.candidates[2 * pair + 1];
      if (first === undefined || second === undefined) return;
      for (let index = 0; index < n; index += 1) {
        const offset = this.sigma * (direction[index] ?? 0);
        first[index] = (this.mean[index] ?? 0) + offset;
        second[index] = (this.mean[index] ?? 0) - offset;
      }
    });
  }

  /** Moves the distribution towards the candidates of greater value; one value a candidate, `-Infinity` allowed, NaN not. */
  update(values: Float64Array): void {
    this.generation += 1;
    if (values.every((value) => value === values[0])) {
      this.sigma = Math.min(this.sigma * 1.1, search.maxSigma);
      return;
    }
    const n = this.dimension;
    const parents = this.#parents(values);
    const step = new Float64Array(n);
    for (const { direction, weight } of parents) {
      for (let index = 0; index < n; index += 1) step[index] = (step[index] ?? 0) + weight * (direction[index] ?? 0);
    }
    for (let index = 0; index < n; index += 1)
      this.mean[index] = (this.mean[index] ?? 0) + this.sigma * (step[index] ?? 0);
    const norm = this.#extendPaths(step);
    this.#adaptCovariance(parents);
    this.sigma = Math.min(
      this.sigma * Math.exp((this.#cSigma / this.#dSigma) * (norm / this.#expectedNorm - 1)),
      search.maxSigma,
    );
    if (this.generation - this.#decomposedAt >= this.#eigenInterval) this.#decompose();
  }

  /** The better direction of each pair with its weight; pairs of equal value share theirs, a tied pair has no direction. */
  #parents(values: Float64Array): { direction: Float64Array; weight: number }[] {
    const winners = this.#directions.map((direction, pair) => {
      const first = values[2 * pair] ?? 0;
      const second = values[2 * pair + 1] ?? 0;
      return { direction, sign: first > second ? 1 : first < second ? -1 : 0, value: Math.max(first, second) };
    });
    winners.sort((a, b) => (a.value === b.value ? 0 : b.value > a.value ? 1 : -1));
    return winners.map(({ direction, sign, value }) => {
      const from = winners.findIndex((other) => other.value === value);
      const to = winners.findLastIndex((other) => other.value === value) + 1;
      const share = this.#weights.subarray(from, to).reduce((total, weight) => total + weight, 0) / (to - from);
      return { direction, weight: sign * share };
    });
  }

  /** Extends both evolution paths and returns the length of the conjugate one. */
  #extendPaths(step: Float64Array): number {
    const n = this.dimension;
    const white = this.#whiten(step);
    const gain = Math.sqrt(this.#cSigma * (2 - this.#cSigma) * this.#muEffective);
    let squared = 0;
    for (let index = 0; index < n; index += 1) {
      const value = (1 - this.#cSigma) * (this.#pathSigma[index] ?? 0) + gain * (white[index] ?? 0);
      this.#pathSigma[index] = value;
      squared += value * value;
    }
    const norm = Math.sqrt(squared);
    const correction = Math.sqrt(1 - (1 - this.#cSigma) ** (2 * this.generation));
    const stalled = norm / correction >= (1.4 + 2 / (n + 1)) * this.#expectedNorm;
    const gainC = stalled ? 0 : Math.sqrt(this.#cC * (2 - this.#cC) * this.#muEffective);
    for (let index = 0; index < n; index += 1) {
      this.#pathC[index] = (1 - this.#cC) * (this.#pathC[index] ?? 0) + gainC * (step[index] ?? 0);
    }
    return norm;
  }

  /** B D^-1 B^T v. */
  #whiten(vector: Float64Array): Float64Array {
    const n = this.dimension;
    const axes = this.#axes;
    const inner = new Float64Array(n);
    const outer = new Float64Array(n);
    for (let row = 0; row < n; row += 1) {
      const value = vector[row] ?? 0;
      for (let axis = 0; axis < n; axis += 1) inner[axis] = (inner[axis] ?? 0) + (axes[row * n + axis] ?? 0) * value;
    }
    for (let axis = 0; axis < n; axis += 1) inner[axis] = (inner[axis] ?? 0) / (this.#scales[axis] ?? 1);
    for (let row = 0; row < n; row += 1) {
      let sum = 0;
      for (let axis = 0; axis < n; axis += 1) sum += (axes[row * n + axis] ?? 0) * (inner[axis] ?? 0);
      outer[row] = sum;
    }
    return outer;
  }

  #adaptCovariance(parents: readonly { direction: Float64Array; weight: number }[]): void {
    const n = this.dimension;
    const total = parents.reduce((sum, { weight }) => sum + Math.abs(weight), 0);
    const keep = 1 - this.#c1 - this.#cMu * total;
    const covariance = this.#covariance;
    for (let row = 0; row < n; row += 1) {
      const path = this.#c1 * (this.#pathC[row] ?? 0);
      for (let column = 0; column <= row; column += 1) {
        const entry = row * n + column;
        covariance[entry] = keep * (covariance[entry] ?? 0) + path * (this.#pathC[column] ?? 0);
      }
      for (const { direction, weight } of parents) {
        const scaled = this.#cMu * Math.abs(weight) * (direction[row] ?? 0);
        for (let column = 0; column <= row; column += 1) {
          const entry = row * n + column;
          covariance[entry] = (covariance[entry] ?? 0) + scaled * (direction[column] ?? 0);
        }
      }
    }
  }

  #decompose(): void {
    this.#decomposedAt = this.generation;
    const n = this.dimension;
    const symmetric = Matrix.zeros(n, n);
    for (let row = 0; row < n; row += 1) {
      for (let column = 0; column <= row; column += 1) {
        const value = this.#covariance[row * n + column] ?? 0;
        symmetric.set(row, column, value);
        symmetric.set(column, row, value);
      }
    }
    const { eigenvectorMatrix, realEigenvalues } = new EigenvalueDecomposition(symmetric, { assumeSymmetric: true });
    for (let axis = 0; axis < n; axis += 1) {
      this.#scales[axis] = Math.sqrt(Math.max(realEigenvalues[axis] ?? 0, MIN_VARIANCE));
      for (let row = 0; row < n; row += 1) this.#axes[row * n + axis] = eigenvectorMatrix.get(row, axis);
    }
  }
}

function identity(dimension: number): Float64Array {
  const matrix = new Float64Array(dimension * dimension);
  for (let index = 0; index < dimension; index += 1) matrix[index * dimension + index] = 1;
  return matrix;
}

/** A standard normal draw (Box and Muller 1958). */
function normal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - uniform(random, 0, 1)));
  return radius * Math.cos(2 * Math.PI * uniform(random, 0, 1));
}
