import type { SearchArm } from '@rewardsmith/contracts';
import { type Arm, type ArmStanding, gainOf, type Member, type Pull, standings } from '@rewardsmith/evolution';
import { addCosts, amountOf, noCost } from '@rewardsmith/llm';
import type { CandidateRow } from '@rewardsmith/store';

type Kind = SearchArm['kind'];

/**
 * The pulls so far: a slot of a generation is one pull, gains what the best of its programs gained, and costs what all of its
 * calls did, repairs and reviews included. A brief is pulled by fresh starts alone: what varies a parent has the parent to thank.
 */
function pullsOf(rows: readonly CandidateRow[], members: readonly Member[], kind: Kind): readonly Pull[] {
  const slots = new Map<string, CandidateRow[]>();
  for (const row of rows) {
    if (row.design === null || (kind === 'brief' && row.operator !== 'initial')) continue;
    const key = `${row.generation}/${row.design.slot}`;
    slots.set(key, [...(slots.get(key) ?? []), row]);
  }
  // Where some model has no price, money says nothing of what its calls cost: all are counted in tokens.
  const priced = rows.every(({ design }) => {
    const { tokens, money } = amountOf(design?.cost ?? noCost);
    return tokens === 0 || money > 0;
  });
  return [...slots.values()].flatMap((own): readonly Pull[] => {
    const design = own[0]?.design;
    if (design === null || design === undefined) return [];
    const { tokens, money } = amountOf(own.reduce((sum, row) => addCosts(sum, row.design?.cost ?? noCost), noCost));
    const fitness = own.flatMap((row) => row.fitness?.mean ?? []);
    return [
      {
        arm: kind === 'model' ? design.model : design.brief,
        gain: gainOf(fitness.length === 0 ? undefined : Math.max(...fitness), members),
        cost: priced ? money : tokens,
      },
    ];
  });
}

/** The standing of every arm of a kind, from the task's own candidates: the bandit has no other state. */
export function armStandings(
  arms: readonly Arm[],
  rows: readonly CandidateRow[],
  members: readonly Member[],
  kind: Kind,
): readonly ArmStanding[] {
  return standings(arms, pullsOf(rows, members, kind));
}

/** Standings as the API shows them. */
export function shownArms(kind: Kind, arms: readonly ArmStanding[]): readonly SearchArm[] {
  return arms.map(({ name, pulls, gain, cost }) => ({
    kind,
    name,
    pulls,
    gain: pulls === 0 ? 0 : gain / pulls,
    cost: pulls === 0 ? 0 : cost / pulls,
  }));
}
