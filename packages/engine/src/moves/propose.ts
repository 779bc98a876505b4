import type { SearchSettings } from '@rewardsmith/contracts';
import type { Designer, Parent } from '@rewardsmith/designer';
import type { BuiltinEnvironment } from '@rewardsmith/environments';
import { type Member, planGeneration } from '@rewardsmith/evolution';
import { limits } from '../limits.ts';
import { deriveSeed } from '../seeds.ts';
import { type CritiqueContext, criticise, type Known } from './critique.ts';
import type { Proposed } from './proposed.ts';

export interface ProposalContext {
  readonly description: string;
  readonly environment: BuiltinEnvironment;
  readonly search: SearchSettings;
  readonly generation: number;
  /** Candidates that may still be proposed, refused ones included. */
  readonly most: number;
  readonly members: readonly Member[];
  readonly parents: ReadonlyMap<string, Parent>;
  readonly known: Known;
  readonly designer: Designer;
  readonly critique: CritiqueContext;
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
  for (const [index, slot] of plan.entries()) {
    for (let attempt = 0; attempt < limits.triesPerSlot && proposals.length < context.most; attempt += 1) {
      const { source, thought, operator, parents } = await context.designer.propose({
        environment: context.environment.definition,
        success: context.environment.success,
        description: context.description,
        operator: slot.operator,
        parents: slot.parents.flatMap((id) => context.parents.get(id) ?? []),
        seed: deriveSeed(search.seed, 'proposal', generation, index, attempt),
        generation,
        index,
      });
      const { passed, ...verdict } = await criticise(source, known, context.critique);
      proposals.push({ operator, parents, source, thought, ...verdict, accepted: passed, design: null });
      if (passed !== undefined) {
        known.hashes.add(passed.program.hash);
        known.behaviours.add(passed.behaviour);
        break;
      }
    }
  }
  return proposals;
}
