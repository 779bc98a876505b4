import { randomStream } from '@rewardsmith/environments';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { expect, it } from 'vitest';
import { CmaEs } from '../src/cma-es.ts';

/** Two numbers and four pairs: so few that the axes are renewed in every generation, as the tutorial's equations have it. */
const [n, pairs] = [2, 4];

/** The tutorial's weights and rates for them, worked out apart from the code, to ten digits. */
const weights = [0.5299301845, 0.2857142857, 0.1428571429, 0.0414983869];
const muEffective = 2.600178826;
const [cSigma, dSigma] = [0.4791763684, 1.479176368];
const [cC, c1, cMu] = [0.616276652, 0.1482560036, 0.1058879883];
const expectedNorm = 1.254272743;

/** The mean, step size and covariance after every generation, from what was sampled and how it was valued: the equations as they stand. */
class Reference {
  mean = Matrix.zeros(n, 1);
  sigma = 0.5;
  covariance = Matrix.eye(n);
  #pathSigma = Matrix.zeros(n, 1);
  #pathC = Matrix.zeros(n, 1);
  #generation = 0;
  stalls = 0;

  update(candidates: readonly Float64Array[], values: readonly number[]): void {
    const order = candidates.map((candidate, index) => ({ candidate, index, value: values[index] ?? 0 }));
    const winners = Array.from({ length: pairs }, (_, pair) =>
      order.filter(({ index }) => Math.floor(index / 2) === pair).toSorted((a, b) => b.value - a.value),
    )
      .flatMap(([winner]) => winner ?? [])
      .toSorted((a, b) => b.value - a.value);
    const steps = winners.map(({ candidate }) =>
      Matrix.sub(Matrix.columnVector([...candidate]), this.mean).div(this.sigma),
    );
    const step = steps.reduce(
      (sum, y, place) => Matrix.add(sum, Matrix.mul(y, weights[place] ?? 0)),
      Matrix.zeros(n, 1),
    );
    this.mean = Matrix.add(this.mean, Matrix.mul(step, this.sigma));
    const { eigenvectorMatrix: b, realEigenvalues } = new EigenvalueDecomposition(this.covariance);
    const inverseRoot = b.mmul(Matrix.diag(realEigenvalues.map((value) => 1 / Math.sqrt(value)))).mmul(b.transpose());
    this.#pathSigma = Matrix.mul(this.#pathSigma, 1 - cSigma).add(
      inverseRoot.mmul(step).mul(Math.sqrt(cSigma * (2 - cSigma) * muEffective)),
    );
    this.#generation += 1;
    const norm = this.#pathSigma.norm('frobenius');
    const correction = Math.sqrt(1 - (1 - cSigma) ** (2 * this.#generation));
    const stalled = norm / correction >= (1.4 + 2 / (n + 1)) * expectedNorm;
    this.stalls += Number(stalled);
    this.#pathC = Matrix.mul(this.#pathC, 1 - cC).add(
      Matrix.mul(step, stalled ? 0 : Math.sqrt(cC * (2 - cC) * muEffective)),
    );
    const rankMu = steps.reduce(
      (sum, y, place) => Matrix.add(sum, y.mmul(y.transpose()).mul(weights[place] ?? 0)),
      Matrix.zeros(n, n),
    );
    this.covariance = Matrix.mul(this.covariance, 1 - c1 - cMu)
      .add(this.#pathC.mmul(this.#pathC.transpose()).mul(c1))
      .add(rankMu.mul(cMu));
    this.sigma *= Math.exp((cSigma / dSigma) * (norm / expectedNorm - 1));
  }
}

it("goes the way of the tutorial's equations over mirrored pairs", () => {
  const cma = new CmaEs(n, 2 * pairs, 0.5, randomStream(7));
  const reference = new Reference();
  const value = ([x = 0, y = 0]: Float64Array) => -((x - 3) ** 2) - 20 * (x + y - 1) ** 2;
  for (let generation = 0; generation < 30; generation += 1) {
    cma.sample();
    const values = cma.candidates.map(value);
    reference.update(cma.candidates, values);
    cma.update(Float64Array.from(values));
    expect(cma.sigma / reference.sigma).toBeCloseTo(1, 6);
    for (let index = 0; index < n; index += 1) {
      expect(((cma.mean[index] ?? NaN) - reference.mean.get(index, 0)) / cma.sigma).toBeCloseTo(0, 5);
    }
  }
  // Both branches of the path's condition were taken.
  expect(reference.stalls).toBeGreaterThan(0);
  expect(reference.stalls).toBeLessThan(30);
});
