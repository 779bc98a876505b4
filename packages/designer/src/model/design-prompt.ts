import { type Finding, findingText } from '@rewardsmith/contracts';
import { limits } from '../limits.ts';
import { type Brief, freeBrief, isCurriculum } from './brief.ts';
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
  /** Why the last answer to this very question could not be used. */
  readonly again?: Again | undefined;
}

/** A program that was refused, as its designer is told. */
export interface RefusedProgram {
  /** Which of how many programs of its answer it was, the first being 1. */
  readonly place: { readonly number: number; readonly of: number };
  /** Empty when the answer held none. */
  readonly source: string;
  readonly findings: readonly Finding[];
}

/** The same question once more. */
export interface Again {
  readonly programs: readonly RefusedProgram[];
  /** Counted from 1. */
  readonly attempt: number;
  readonly attempts: number;
}

/** A prompt's purpose and the values of the part that changes from call to call. */
export interface PromptCall {
  readonly purpose:
    | 'designer.initial'
    | 'designer.refine'
    | 'designer.rewrite'
    | 'designer.crossover'
    | 'designer.repair';
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** The prompt of a proposal, or of the same once more. An operator whose parents are missing is a fresh start. */
export function designPrompt(request: DesignRequest): PromptCall {
  const { operator, brief, parents, start } = request;
  const [first, second] = parents;
  // What improves on a parent is shown the best there is; what starts anew or goes another way is not.
  const improves = first !== undefined && (operator === 'refine' || operator === 'crossover');
  const tried = triedText(
    request.tried,
    improves ? Math.max(...parents.map(({ fitness }) => fitness.mean)) : Number.POSITIVE_INFINITY,
  );
  const { again } = request;
  const words = start.words?.trim() ?? '';
  const common = {
    brief: brief.told,
    tried,
    words,
    refused: refusedTexts(again?.programs ?? []),
    attempt: String(again?.attempt ?? 0),
    attempts: String(again?.attempts ?? 0),
  };
  if (operator === 'initial' || first === undefined) {
    return { purpose: 'designer.initial', inputs: { ...common, startReward: start.reward?.trim() ?? '' } };
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
      },
    };
  }
  return {
    purpose: operator === 'rewrite' ? 'designer.rewrite' : 'designer.refine',
    inputs: {
      ...common,
      parent: first.source.trim(),
      evidence: evidenceText(first),
    },
  };
}

/** Findings as a designer is told them, errors first. */
function faultText(findings: readonly Finding[]): string {
  const rank = { error: 0, warning: 1, note: 2 } as const;
  return findings
    .filter(({ severity }) => severity !== 'note')
    .toSorted((a, b) => rank[a.severity] - rank[b.severity])
    .slice(0, limits.findings)
    .map((finding) => `- ${finding.severity} ${cut(findingText(finding), limits.findingLength)}`)
    .join('\n');
}

/** Refused programs as prompts list them; one that stood alone in its answer needs no name. */
function refusedTexts(programs: readonly RefusedProgram[]) {
  return programs.map(({ place, source, findings }) => ({
    name: place.of === 1 ? '' : `Program ${place.number} of ${place.of}`,
    source: cut(source.trim(), limits.repairSourceLength),
    findings: faultText(findings),
  }));
}

export interface RepairRequest extends Again {
  readonly brief: Brief;
  readonly thought: string;
  /** How many programs of the same answer were accepted. */
  readonly kept: number;
}

/** The prompt that sends the refused programs of one answer back to their designer, each with its findings, errors first. */
export function repairPrompt({ brief, thought, programs, kept, attempt, attempts }: RepairRequest): PromptCall {
  return {
    purpose: 'designer.repair',
    inputs: {
      // Of a curriculum as many are asked for as are sent back.
      brief: isCurriculum(brief) ? freeBrief.told : brief.told,
      thought,
      refused: refusedTexts(programs),
      kept,
      attempt: String(attempt),
      attempts: String(attempts),
    },
  };
}
