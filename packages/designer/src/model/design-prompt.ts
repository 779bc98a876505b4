import { type Finding, findingText } from '@rewardsmith/contracts';
import { limits } from '../limits.ts';
import type { Brief } from './brief.ts';
import { cut } from './cut.ts';
import { type EvaluatedParent, evidenceText } from './evidence.ts';
import { type Tried, triedText } from './tried.ts';

/** What a model designer may be asked for; each has a prompt of its name. */
export type DesignOperator = 'initial' | 'refine' | 'rewrite' | 'crossover';

export interface DesignRequest {
  readonly operator: DesignOperator;
  readonly brief: Brief;
  /** As many as the operator takes: none for `initial`, two for `crossover`, else one. */
  readonly parents: readonly EvaluatedParent[];
  readonly tried: readonly Tried[];
  /** A reward of the user's own to start from, and the user's words. */
  readonly start: { readonly reward?: string | undefined; readonly words?: string | undefined };
}

/** A prompt's purpose and the values of the part that changes from call to call. */
export interface PromptCall {
  readonly purpose:
    | 'designer.initial'
    | 'designer.refine'
    | 'designer.rewrite'
    | 'designer.crossover'
    | 'designer.repair';
  readonly inputs: Readonly<Record<string, string>>;
}

function startText({ reward, words }: DesignRequest['start']): string {
  const parts = [];
  if (reward !== undefined) {
    parts.push(
      `Start from this reward, which a person wrote for the task. Keep what is right in it:\n\n\`\`\`js\n${reward.trim()}\n\`\`\``,
    );
  }
  if (words !== undefined) {
    parts.push(`The person says how the reward should work:\n\n<words>\n${words.trim()}\n</words>`);
  }
  return parts.join('\n\n');
}

/** The prompt of a proposal. An operator whose parents are missing is a fresh start. */
export function designPrompt(request: DesignRequest): PromptCall {
  const { operator, brief, parents, start } = request;
  const tried = triedText(request.tried);
  const [first, second] = parents;
  const common = { brief: brief.text, tried };
  const words = start.words?.trim() ?? '';
  if (operator === 'initial' || first === undefined) {
    return { purpose: 'designer.initial', inputs: { ...common, start: startText(start) } };
  }
  if (operator === 'crossover' && second !== undefined) {
    return {
      purpose: 'designer.crossover',
      inputs: {
        ...common,
        first: first.source.trim(),
        firstEvidence: evidenceText(first),
        second: second.source.trim(),
        secondEvidence: evidenceText(second),
        words,
      },
    };
  }
  return {
    purpose: operator === 'rewrite' ? 'designer.rewrite' : 'designer.refine',
    inputs: {
      ...common,
      parent: first.source.trim(),
      evidence: evidenceText(first),
      words,
    },
  };
}

export interface RepairRequest {
  readonly brief: Brief;
  readonly thought: string;
  /** The refused program as it was written; empty when the answer held none. */
  readonly source: string;
  readonly findings: readonly Finding[];
  /** Counted from 1. */
  readonly attempt: number;
  readonly attempts: number;
}

/** The prompt that sends a refusal back to its designer, errors first. */
export function repairPrompt(request: RepairRequest): PromptCall {
  const { brief, thought, source, findings, attempt, attempts } = request;
  const rank = { error: 0, warning: 1, note: 2 } as const;
  const lines = findings
    .filter(({ severity }) => severity !== 'note')
    .toSorted((a, b) => rank[a.severity] - rank[b.severity])
    .slice(0, limits.findings)
    .map((finding) => `- ${finding.severity} ${cut(findingText(finding), limits.findingLength)}`);
  return {
    purpose: 'designer.repair',
    inputs: {
      brief: brief.text,
      thought,
      source: cut(source.trim(), limits.repairSourceLength),
      findings: lines.join('\n'),
      attempt: String(attempt),
      attempts: String(attempts),
    },
  };
}
