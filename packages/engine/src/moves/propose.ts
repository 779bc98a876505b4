import type { Finding, Operator, SearchSettings } from '@rewardsmith/contracts';
import { judge, smokeRollout } from '@rewardsmith/critic';
import type { Designer, Parent } from '@rewardsmith/designer';
import type { BuiltinEnvironment } from '@rewardsmith/environments';
import { type Member, planGeneration } from '@rewardsmith/evolution';
import { compile, type RewardProgram } from '@rewardsmith/language';
import type { Sandbox } from '@rewardsmith/sandbox';
import { limits } from '../limits.ts';
import { deriveSeed } from '../seeds.ts';
import { InfrastructureFailure } from './failure.ts';

/** A proposed program with the critic's verdict on it. */
export interface Proposed {
  readonly operator: Operator;
  readonly parents: readonly string[];
  readonly source: string;
  readonly thought: string;
  readonly critique: readonly Finding[];
  /** Present when the program was accepted. */
  readonly program: RewardProgram | undefined;
}

export interface ProposalContext {
  readonly tenant: string;
  readonly description: string;
  readonly environment: BuiltinEnvironment;
  readonly search: SearchSettings;
  readonly generation: number;
  readonly members: readonly Member[];
  readonly parents: ReadonlyMap<string, Parent>;
  /** Normal-form hashes of every program the task has accepted. */
  readonly known: ReadonlySet<string>;
  readonly designer: Designer;
  readonly sandbox: Sandbox;
}

function refusal(code: string, message: string, advice: string): Finding {
  return { code, severity: 'error', message, advice };
}

/** Runs the program over the critic's smoke rows in the sandbox and judges its labels. */
async function smoke(program: RewardProgram, context: ProposalContext): Promise<readonly Finding[]> {
  const { definition } = context.environment;
  const rollout = smokeRollout(definition, deriveSeed(context.search.seed, 'smoke'));
  const outcome = await context.sandbox.label({
    tenant: context.tenant,
    source: program.source,
    environment: definition,
    rollout,
  });
  switch (outcome.kind) {
    case 'ok':
      return judge(program, outcome.value, rollout);
    case 'rejected':
      return outcome.findings;
    case 'infrastructure':
      throw new InfrastructureFailure(outcome.message);
    default:
      return [refusal(`smoke-${outcome.kind}`, outcome.message, 'Write a reward that ends quickly on every row.')];
  }
}

async function criticise(source: string, known: ReadonlySet<string>, context: ProposalContext) {
  const compilation = compile(source, context.environment.definition);
  if (!compilation.ok) {
    return { critique: compilation.findings, program: undefined };
  }
  const { program } = compilation;
  if (known.has(program.hash)) {
    const duplicate = refusal(
      'duplicate-program',
      'This task has tried the same program before, up to names, order and spelling.',
      'Change a term or a number.',
    );
    return { critique: [duplicate], program: undefined };
  }
  const critique = [...compilation.findings, ...(await smoke(program, context))];
  return { critique, program: critique.some((finding) => finding.severity === 'error') ? undefined : program };
}

/**
 * Proposes one generation: every slot of the plan is tried until a program is accepted or its tries are used up.
 * Refused programs are returned with their critique, so that none vanishes.
 */
export async function proposeGeneration(context: ProposalContext): Promise<readonly Proposed[]> {
  const { search, generation } = context;
  const plan = planGeneration(context.members, search, generation, deriveSeed(search.seed, 'plan', generation));
  const known = new Set(context.known);
  const proposals: Proposed[] = [];
  for (const [index, slot] of plan.entries()) {
    for (let attempt = 0; attempt < limits.triesPerSlot; attempt += 1) {
      const { source, thought } = await context.designer.propose({
        environment: context.environment.definition,
        success: context.environment.success,
        description: context.description,
        operator: slot.operator,
        parents: slot.parents.flatMap((id) => context.parents.get(id) ?? []),
        seed: deriveSeed(search.seed, 'proposal', generation, index, attempt),
        generation,
        index,
      });
      const { critique, program } = await criticise(source, known, context);
      proposals.push({ operator: slot.operator, parents: slot.parents, source, thought, critique, program });
      if (program !== undefined) {
        known.add(program.hash);
        break;
      }
    }
  }
  return proposals;
}
