/** What a Gaussian process says of one point: a normal distribution over its value, noise left out. */
export interface Prediction {
  readonly mean: number;
  readonly deviation: number;
}

export interface GaussianProcess {
  predict(point: readonly number[]): Prediction;
}

/** Hyperparameters that are tried, for values of variance 1: length scales in units of the space, shares of noise. */
const LENGTH_SCALES = [0.2, 0.4, 0.8, 1.6];
const NOISE_VARIANCES = [0.01, 0.1, 0.4];

/** Matérn covariance with ν = 5/2, of variance 1, at a distance in length scales. */
function matern(distance: number): number {
  const scaled = Math.sqrt(5) * distance;
  return (1 + scaled + scaled ** 2 / 3) * Math.exp(-scaled);
}

function distance(a: readonly number[], b: readonly number[]): number {
  return Math.sqrt(a.reduce((sum, value, index) => sum + (value - (b[index] ?? 0)) ** 2, 0));
}

/** The lower triangle L with L Lᵀ = `matrix`, which is symmetric and positive definite. */
function cholesky(matrix: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const lower: number[][] = [];
  for (const [row, values] of matrix.entries()) {
    const own: number[] = [];
    for (let column = 0; column <= row; column += 1) {
      const other = column === row ? own : (lower[column] ?? []);
      let left = values[column] ?? 0;
      for (let each = 0; each < column; each += 1) left -= (own[each] ?? 0) * (other[each] ?? 0);
      own.push(column === row ? Math.sqrt(left) : left / (other[column] ?? 1));
    }
    lower.push(own);
  }
  return lower;
}

/** Solves L x = b. */
function forward(lower: readonly (readonly number[])[], b: readonly number[]): readonly number[] {
  const x: number[] = [];
  for (const [row, values] of lower.entries()) {
    const known = x.reduce((sum, value, column) => sum + value * (values[column] ?? 0), 0);
    x.push(((b[row] ?? 0) - known) / (values[row] ?? 1));
  }
  return x;
}

/** Solves Lᵀ x = b. */
function backward(lower: readonly (readonly number[])[], b: readonly number[]): readonly number[] {
  const x = new Array<number>(b.length).fill(0);
  for (let row = b.length - 1; row >= 0; row -= 1) {
    let left = b[row] ?? 0;
    for (let below = row + 1; below < b.length; below += 1) left -= (lower[below]?.[row] ?? 0) * (x[below] ?? 0);
    x[row] = left / (lower[row]?.[row] ?? 1);
  }
  return x;
}

interface Fit {
  readonly evidence: number;
  readonly lower: readonly (readonly number[])[];
  readonly weights: readonly number[];
  readonly scale: number;
}

function fit(points: readonly (readonly number[])[], values: readonly number[], scale: number, noise: number): Fit {
  const covariance = points.map((a, row) =>
    points.map((b, column) => matern(distance(a, b) / scale) + (row === column ? noise : 0)),
  );
  const lower = cholesky(covariance);
  const half = forward(lower, values);
  const determinant = lower.reduce((sum, row, index) => sum + Math.log(row[index] ?? 1), 0);
  const evidence = -0.5 * half.reduce((sum, value) => sum + value ** 2, 0) - determinant;
  return { evidence, lower, weights: backward(lower, half), scale };
}

/**
 * Gaussian process regression (Rasmussen and Williams 2006, algorithm 2.1) with a Matérn 5/2 kernel; length scale and noise are
 * those of a small grid under which the values are the likeliest. `points` and `values` are of one length, at least 1.
 */
export function gaussianProcess(points: readonly (readonly number[])[], values: readonly number[]): GaussianProcess {
  const centre = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / values.length;
  const spread = variance > 0 ? Math.sqrt(variance) : 1;
  const standard = values.map((value) => (value - centre) / spread);
  const fits = LENGTH_SCALES.flatMap((scale) => NOISE_VARIANCES.map((noise) => fit(points, standard, scale, noise)));
  const { lower, weights, scale } = fits.reduce((best, next) => (next.evidence > best.evidence ? next : best));
  return {
    predict(point) {
      const covariances = points.map((other) => matern(distance(point, other) / scale));
      const mean = covariances.reduce((sum, value, index) => sum + value * (weights[index] ?? 0), 0);
      const explained = forward(lower, covariances).reduce((sum, value) => sum + value ** 2, 0);
      return { mean: centre + spread * mean, deviation: spread * Math.sqrt(Math.max(0, 1 - explained)) };
    },
  };
}
