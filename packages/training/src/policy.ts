import { actionSize, boundAt } from '@rewardsmith/contracts';
import type { BuiltinEnvironment } from '@rewardsmith/environments';
import { search } from './limits.ts';
import { policyInputs } from './scaling.ts';

/**
 * A perceptron with one hidden layer of tanh-shaped units (`squash`) that is evaluated in place: nothing is allocated per step.
 * A discrete action is the largest output's number; a continuous one is its squashed output, scaled to the bounds.
 */
export class Policy {
  /** Weights: for every four hidden units their biases, then their weights input by input; then bias and row of every output. */
  readonly parameterCount: number;
  /** The latest action: its number, or one entry a dimension. */
  readonly action: Float64Array;
  readonly #discrete: boolean;
  readonly #inputs: number;
  readonly #outputs: number;
  readonly #input: Float64Array;
  readonly #hidden = new Float64Array(search.hiddenUnits);
  readonly #entries: Uint16Array;
  readonly #centre: Float64Array;
  readonly #inverseHalfRange: Float64Array;
  readonly #actionCentre: Float64Array;
  readonly #actionHalfRange: Float64Array;

  constructor(environment: BuiltinEnvironment) {
    const { action } = environment.definition;
    const scales = policyInputs(environment);
    this.#entries = Uint16Array.from(scales, ({ entry }) => entry);
    this.#centre = Float64Array.from(scales, ({ centre }) => centre);
    this.#inverseHalfRange = Float64Array.from(scales, ({ inverseHalfRange }) => inverseHalfRange);
    this.#inputs = scales.length;
    this.#input = new Float64Array(this.#inputs);
    this.#discrete = action.kind === 'discrete';
    this.#outputs = action.kind === 'discrete' ? action.n : actionSize(action);
    this.action = new Float64Array(actionSize(action));
    const bounds = Array.from(this.action, (_, index): readonly [number, number] =>
      action.kind === 'discrete' ? [-1, 1] : [boundAt(action.low, index) ?? -1, boundAt(action.high, index) ?? 1],
    );
    this.#actionCentre = Float64Array.from(bounds, ([low, high]) => (low + high) / 2);
    this.#actionHalfRange = Float64Array.from(bounds, ([low, high]) => (high - low) / 2);
    this.parameterCount = search.hiddenUnits * (this.#inputs + 1) + this.#outputs * (search.hiddenUnits + 1);
  }

  /** Writes the action for an observation into `action`. */
  act(weights: Float64Array, observation: Float64Array): void {
    const input = this.#input;
    const hidden = this.#hidden;
    const inputs = this.#inputs;
    for (let index = 0; index < inputs; index += 1) {
      const value = observation[this.#entries[index] ?? 0] ?? 0;
      const inverse = this.#inverseHalfRange[index] ?? 0;
      input[index] = inverse === 0 ? value / (1 + Math.abs(value)) : (value - (this.#centre[index] ?? 0)) * inverse;
    }
    let cursor = 0;
    // Four units at a time: their sums do not wait for one another.
    for (let unit = 0; unit < search.hiddenUnits; unit += 4) {
      let first = weights[cursor] ?? 0;
      let second = weights[cursor + 1] ?? 0;
      let third = weights[cursor + 2] ?? 0;
      let fourth = weights[cursor + 3] ?? 0;
      cursor += 4;
      for (let index = 0; index < inputs; index += 1) {
        const value = input[index] ?? 0;
        first += (weights[cursor] ?? 0) * value;
        second += (weights[cursor + 1] ?? 0) * value;
        third += (weights[cursor + 2] ?? 0) * value;
        fourth += (weights[cursor + 3] ?? 0) * value;
        cursor += 4;
      }
      hidden[unit] = squash(first);
      hidden[unit + 1] = squash(second);
      hidden[unit + 2] = squash(third);
      hidden[unit + 3] = squash(fourth);
    }
    let largest = Number.NEGATIVE_INFINITY;
    for (let output = 0; output < this.#outputs; output += 1) {
      let sum = weights[cursor] ?? 0;
      cursor += 1;
      for (let unit = 0; unit < search.hiddenUnits; unit += 1) {
        sum += (weights[cursor] ?? 0) * (hidden[unit] ?? 0);
        cursor += 1;
      }
      if (!this.#discrete) {
        this.action[output] = (this.#actionCentre[output] ?? 0) + (this.#actionHalfRange[output] ?? 0) * squash(sum);
      } else if (sum > largest) {
        largest = sum;
        this.action[0] = output;
      }
    }
  }
}

/**
 * tanh to within 2e-4, many times as fast: Lambert's continued fraction cut at its seventh convergent, held at ±1 where it
 * would leave the range.
 */
export function squash(x: number): number {
  if (x > 4.9) return 1;
  if (x < -4.9) return -1;
  const square = x * x;
  return (
    (x * (135135 + square * (17325 + square * (378 + square)))) /
    (135135 + square * (62370 + square * (3150 + 28 * square)))
  );
}
