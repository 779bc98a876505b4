import type { SearchArm, SearchSettings } from '@rewardsmith/contracts';
import { type Brief, briefNamed, briefs, type DesignOperator, freeBrief } from '@rewardsmith/designer';
import {
  type Arm,
  type ArmStanding,
  chooseArm,
  chooseArms,
  type Member,
  planGeneration,
  seededRandom,
} from '@rewardsmith/evolution';
import type { CandidateRow } from '@rewardsmith/store';
import { deriveSeed } from '../seeds.ts';
import { armStandings, shownArms } from './arms.ts';

/** One proposal of a generation before it is asked for. */
export interface DesignSlot {
  readonly index: number;
  readonly operator: DesignOperator;
  readonly parents: readonly string[];
  readonly brief: Brief;
  readonly model: string;
}

function designOperator(operator: string): DesignOperator {
  return operator === 'rewrite' || operator === 'crossover' || operator === 'initial' ? operator : 'refine';
}

/** Standings that know only the weights: what is chosen from when results must not count. */
function unproven(arms: readonly ArmStanding[]): readonly ArmStanding[] {
  return arms.map(({ name, weight }) => ({ name, weight, pulls: 0, gain: 0, cost: 0 }));
}

/** A slot that tunes numbers, and the proposal that takes its place where there is none to tune. */
export interface TuneSlot {
  readonly parent: string;
  readonly otherwise: DesignSlot;
}

/**
 * The slots of one generation, with the model and the brief of each chosen by the bandit. Briefs are for fresh starts, and differ
 * as long as there are any left; a proposal that varies another keeps that one's form if it likes. Slots that only tune numbers
 * need no model unless nothing can be tuned. Pure: rows and seed decide.
 */
export function planDesigns(
  settings: SearchSettings,
  models: readonly Arm[],
  bandit: boolean,
  generation: number,
  rows: readonly CandidateRow[],
  members: readonly Member[],
): { readonly slots: readonly DesignSlot[]; readonly tunes: readonly TuneSlot[]; readonly arms: readonly SearchArm[] } {
  const plan = planGeneration(members, settings, generation, deriveSeed(settings.seed, 'plan', generation));
  const random = seededRandom(deriveSeed(settings.seed, 'bandit', generation));
  const briefArms = briefs.map(({ name }) => ({ name, weight: 1 }));
  const proven = {
    model: armStandings(models, rows, members, 'model'),
    brief: armStandings(briefArms, rows, members, 'brief'),
  };
  const [firstModel, ...otherModels] = bandit ? proven.model : unproven(proven.model);
  const [firstBrief, ...otherBriefs] = bandit ? proven.brief : unproven(proven.brief);
  if (firstModel === undefined || firstBrief === undefined) throw new Error('the designer has no model');
  const fresh = plan.filter(({ operator }) => operator === 'initial').length;
  const chosen = chooseArms([firstBrief, ...otherBriefs], fresh, random).map(({ name }) => briefNamed(name));
  const model = () => chooseArm([firstModel, ...otherModels], random).name;
  const slots = plan.flatMap(({ operator: planned, parents }, index): readonly DesignSlot[] => {
    if (planned === 'tune') return [];
    const operator = designOperator(planned);
    const brief = operator === 'initial' ? (chosen.shift() ?? freeBrief) : freeBrief;
    return [{ index, operator, parents, brief, model: model() }];
  });
  const tunes = plan.flatMap(({ operator, parents }, index): readonly TuneSlot[] => {
    const [parent] = parents;
    if (operator !== 'tune' || parent === undefined) return [];
    return [{ parent, otherwise: { index, operator: 'refine', parents, brief: freeBrief, model: model() } }];
  });
  return { slots, tunes, arms: [...shownArms('model', proven.model), ...shownArms('brief', proven.brief)] };
}
