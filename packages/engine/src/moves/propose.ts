import type { SearchSettings } from '@rewardsmith/contracts';
import type { Aim, Designer, Parent } from '@rewardsmith/designer';
import type { BuiltinEnvironment } from '@rewardsmith/environments';
import { type Member, planGeneration, type Slot, seededRandom } from '@rewardsmith/evolution';
import type { CandidateRow } from '@rewardsmith/store';
import { limits } from '../limits.ts';
import { deriveSeed } from '../seeds.ts';
import { type CritiqueContext, criticise, type Known } from './critique.ts';
import { tunedPrograms } from './propose-tuned.ts';
import type { Proposed } from './proposed.ts';

export interface ProposalContext {
  readonly description: string;
  readonly aim: Aim;
  readonly environment: BuiltinEnvironment;
  readonly search: SearchSettings;
  readonly generation: number;
  /** Candidates that may still be proposed, refused ones included. */
  readonly most: number;
  readonly members: readonly Member[];
  readonly rows: readonly CandidateRow[];
  readonly parents: ReadonlyMap<string, Parent>;
  readonly known: Known;
  readonly designer: Designer;
  readonly critique: CritiqueContext;
}

/** Hashes and behaviours of what was accepted, which grow as a generation is proposed. */
interface Accepted {
  readonly hashes: Set<string>;
  readonly behaviours: Set<string>;
}

/** Tries one slot until a program of it is accepted, its tries are used up, or `most` programs were tried. */
async function proposeSlot(
  { operator: wanted, parents: from }: Slot,
  index: number,
  most: number,
  known: Accepted,
  context: ProposalContext,
): Promise<readonly Proposed[]> {
  const { search, generation, environment } = context;
  const proposals: Proposed[] = [];
  for (let attempt = 0; attempt < limits.triesPerSlot && proposals.length < most; attempt += 1) {
    const { source, thought, operator, parents } = await context.designer.propose({
      environment: environment.definition,
      ...context.aim,
      description: context.description,
      operator: wanted,
      parents: from.flatMap((id) => context.parents.get(id) ?? []),
      seed: deriveSeed(search.seed, 'proposal', generation, index, attempt),
      generation,
      index,
      forms: search.forms ?? {},
      reflection: search.reflection,
      // What is refused is not tried again: the next try is drawn.
      opening: generation === 0 && attempt === 0 ? index : undefined,
      flat: search.scheme === 'random',
    });
    const proposal = await judged(source, { operator, parents, thought }, known, context.critique);
    proposals.push(proposal);
    if (proposal.accepted !== undefined) break;
  }
  return proposals;
}

/**
 * Proposes one generation without a model: every slot of the plan is tried until a program is accepted or its tries are
 * used up. Refused programs are returned with their critique, so that none vanishes.
 */
export async function proposeGeneration(context: ProposalContext): Promise<readonly Proposed[]> {
  const { search, generation } = context;
  const plan = planGeneration(context.members, search, generation, deriveSeed(search.seed, 'plan', generation));
  const known = { hashes: new Set(context.known.hashes), behaviours: new Set(context.known.behaviours) };
  const proposals: Proposed[] = [];
  const fill = async (slot: Slot, index: number) => {
    proposals.push(...(await proposeSlot(slot, index, context.most - proposals.length, known, context)));
  };
  for (const [index, slot] of plan.entries()) if (slot.operator !== 'tune') await fill(slot, index);
  const slots = plan.filter(({ operator }) => operator === 'tune');
  const tuned = await proposeTuned(slots[0]?.parents[0], slots.length, known, context.most - proposals.length, context);
  proposals.push(...tuned);
  // A parent without numbers, or whose numbers change nothing, is varied in another way.
  const filled = tuned.filter(({ accepted }) => accepted !== undefined).length;
  for (const [place, slot] of slots.slice(filled).entries()) {
    await fill({ ...slot, operator: 'add' }, plan.length + place);
  }
  return proposals;
}

/** Criticises a program; one that is accepted is known from here on. */
async function judged(
  source: string,
  origin: Pick<Proposed, 'operator' | 'parents' | 'thought'>,
  known: Accepted,
  critique: CritiqueContext,
): Promise<Proposed> {
  const { passed, ...verdict } = await criticise(source, known, critique);
  if (passed !== undefined) {
    known.hashes.add(passed.program.hash);
    known.behaviours.add(passed.behaviour);
  }
  return { ...origin, source, ...verdict, accepted: passed, design: null };
}

/** Fills as many slots with other numbers for one parent as `most` proposals allow; a parent without any leaves them empty. */
export async function proposeTuned(
  parentId: string | undefined,
  slots: number,
  given: Known,
  most: number,
  context: Pick<ProposalContext, 'rows' | 'environment' | 'search' | 'generation' | 'critique'>,
): Promise<readonly Proposed[]> {
  const { rows, environment, search, generation, critique } = context;
  const parent = rows.find(({ id }) => id === parentId);
  if (parent === undefined) return [];
  const known = { hashes: new Set(given.hashes), behaviours: new Set(given.behaviours) };
  const random = seededRandom(deriveSeed(search.seed, 'tune', generation));
  const tries = Math.max(0, Math.min(most, slots * limits.triesPerSlot));
  const proposals: Proposed[] = [];
  const compiler = critique.sandbox.compiler({ tenant: critique.tenant });
  for await (const { source, thought } of tunedPrograms(parent, rows, environment.definition, random, compiler)) {
    const accepted = proposals.filter((proposal) => proposal.accepted !== undefined).length;
    if (accepted === slots || proposals.length === tries) break;
    proposals.push(await judged(source, { operator: 'tune', parents: [parent.id], thought }, known, critique));
  }
  return proposals;
}
