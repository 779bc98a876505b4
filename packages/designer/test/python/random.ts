/** Draws expressions of Python's, whose values are finite wherever the fields are: numbers and conditions, nested without mercy. */
export class RandomPython {
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  #pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.#random() * list.length)] as T;
  }

  number(depth: number): string {
    if (depth <= 0 || this.#random() < 0.15)
      return this.#pick(['x', 'y', 'hand[0]', 'hand[-1]', 'cube[1]', '1', '2', '0.5', '3', 'held', 'action[0]']);
    const number = () => this.number(depth - 1);
    const divisor = () => `(abs(${number()}) + 0.5)`;
    return this.#pick([
      () => `${number()} ${this.#pick(['+', '-', '*'])} ${number()}`,
      () => `${number()} ${this.#pick(['/', '//', '%'])} ${divisor()}`,
      () => `${number()} // -${divisor()} - ${number()} % -${divisor()}`,
      () => `-${number()}`,
      () => `-(${number()}) ** 2`,
      () => `(${number()})`,
      () => `(${number()} if ${this.condition(depth - 1)} else ${number()})`,
      () => `${this.#pick(['abs', 'round', 'int', 'math.tanh', 'math.floor'])}(${number()})`,
      () => `${this.#pick(['min', 'max'])}(${number()}, ${number()})`,
      () => `float(${this.condition(depth - 1)})`,
      () => `sum(v * ${this.number(depth - 2)} for v in hand if v > ${this.number(depth - 2)})`,
    ])();
  }

  condition(depth: number): string {
    if (depth <= 0 || this.#random() < 0.1) return this.#pick(['held', 'x > 0', 'y < x', 'terminated']);
    const condition = () => this.condition(depth - 1);
    const number = () => this.number(depth - 1);
    return this.#pick([
      () => `${condition()} ${this.#pick(['and', 'or'])} ${condition()}`,
      () => `not ${condition()}`,
      () => `not ${condition()} ${this.#pick(['and', 'or'])} not ${condition()}`,
      () => `(${condition()})`,
      () => `${number()} ${this.#pick(['<', '<=', '>', '>=', '==', '!='])} ${number()}`,
      () => `${number()} < ${number()} <= ${number()}`,
      () => `any(v > ${this.number(depth - 2)} for v in cube)`,
      () => `round(${number()}) in (0, 1, 2)`,
    ])();
  }

  program(): string {
    const value = this.#random() < 0.5 ? this.number(4) : this.condition(4);
    return `
import math

def reward(next, action, terminated):
    x, y, hand, cube, held = next["height"], next["speed"], next["hand"], next["cube"], next["held"]
    value = ${value}
    return {"value": value * 1.0}
`;
  }
}
