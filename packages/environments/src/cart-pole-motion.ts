/** What a cart and its pole are made of; SI units, the pole a uniform rod of twice the half length. */
export interface CartPoleBody {
  readonly gravity: number;
  readonly cartMass: number;
  readonly poleMass: number;
  readonly poleHalfLength: number;
}

/** The cart's acceleration and the pole's angular acceleration, written by `accelerate`. */
export type CartPoleAcceleration = { cart: number; pole: number };

/** Accelerations under a force on the cart (Barto, Sutton and Anderson 1983, without friction); angle 0 is upright. */
export function accelerate(
  acceleration: CartPoleAcceleration,
  { gravity, cartMass, poleMass, poleHalfLength }: CartPoleBody,
  angle: number,
  angularVelocity: number,
  force: number,
): void {
  const sin = Math.sin(angle);
  const cos = Math.cos(angle);
  const totalMass = poleMass + cartMass;
  const poleMoment = poleMass * poleHalfLength;
  const push = (force + poleMoment * (angularVelocity * angularVelocity) * sin) / totalMass;
  acceleration.pole = (gravity * sin - cos * push) / (poleHalfLength * (4 / 3 - (poleMass * (cos * cos)) / totalMass));
  acceleration.cart = push - (poleMoment * acceleration.pole * cos) / totalMass;
}
