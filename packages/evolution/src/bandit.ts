import { beta } from './beta.ts';
import type { Random } from './random.ts';

/** Something that calls can be spent on: a model, or a brief. */
export interface Arm {
  readonly name: string;
  /** How much it is trusted before results speak; only ratios matter. */
  readonly weight: number;
}

/** One spent call: how good what came of it was, in [0, 1], and what it cost, in any one unit. */
export interface Pull {
  readonly arm: string;
  readonly gain: number;
  readonly cost: number;
}

/** What is known of an arm; `gain` and `cost` are sums over its pulls. */
export interface ArmStanding extends Arm {
  readonly pulls: number;
  readonly gain: number;
  readonly cost: number;
}

/** The standing of every arm, in the order of `arms`; pulls of arms that are no longer there do not count. */
export function standings(arms: readonly Arm[], pulls: readonly Pull[]): readonly ArmStanding[] {
  return arms.map((arm) => {
    const own = pulls.filter((pull) => pull.arm === arm.name);
    return {
      ...arm,
      pulls: own.length,
      gain: own.reduce((sum, { gain }) => sum + gain, 0),
      cost: own.reduce((sum, { cost }) => sum + cost, 0),
    };
  });
}

/** Draws the gain per cost that an arm may have: both from the beta distribution that its pulls leave. */
function draw(arm: ArmStanding, dearest: number, random: Random): number {
  // Where no pull has cost anything, all cost the same: a price of none would fall with every pull, and the oldest arm win by its age.
  const cost = dearest === 0 ? arm.pulls : arm.cost / dearest;
  const gain = beta(random, 1 + arm.gain, 1 + arm.pulls - arm.gain);
  const price = beta(random, 1 + cost, 1 + arm.pulls - cost);
  const trust = arm.weight ** (1 / (1 + arm.pulls));
  return (trust * gain) / Math.max(price, Number.MIN_VALUE);
}

/**
 * Chooses an arm by Thompson sampling under costs (Xia, Li, Qin, Yu and Liu, "Thompson sampling for budgeted multi-armed
 * bandits", IJCAI 2015): the arm whose drawn gain per drawn cost is the largest. Not the paper's: gains and costs between 0 and 1
 * are added to the distributions as they are, where the paper adds the outcome of a Bernoulli trial with that chance; and an arm's
 * weight, which multiplies its draw, counts in full before its first pull and less with each. `arms` holds at least one; the
 * generator's state is all the state there is.
 */
export function chooseArm(arms: readonly [ArmStanding, ...ArmStanding[]], random: Random): ArmStanding {
  // The dearest pull bounds the costs, so that each lies in [0, 1]; an arm's mean is the best that is known of it.
  const dearest = Math.max(0, ...arms.map(({ cost, pulls }) => (pulls === 0 ? 0 : cost / pulls)));
  const drawn = arms.map((arm) => ({ arm, value: draw(arm, dearest, random) }));
  return drawn.reduce((best, next) => (next.value > best.value ? next : best)).arm;
}

/**
 * Chooses `count` arms; none twice before each was chosen once, since proposals that are made together should differ.
 */
export function chooseArms(
  arms: readonly [ArmStanding, ...ArmStanding[]],
  count: number,
  random: Random,
): readonly ArmStanding[] {
  const chosen: ArmStanding[] = [];
  let left = [...arms];
  while (chosen.length < count) {
    const [first, ...rest] = left;
    if (first === undefined) {
      left = [...arms];
      continue;
    }
    const arm = chooseArm([first, ...rest], random);
    chosen.push(arm);
    left = left.filter((other) => other !== arm);
  }
  return chosen;
}
