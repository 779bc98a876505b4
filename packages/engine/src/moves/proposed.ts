import type { CriticCounts, CriticStage, Design, Finding, Operator } from '@rewardsmith/contracts';
import type { CompiledProgram } from '@rewardsmith/sandbox';

/** A proposed program with the critic's verdict on it. */
export interface Proposed {
  readonly operator: Operator;
  readonly parents: readonly string[];
  readonly source: string;
  readonly thought: string;
  readonly critique: readonly Finding[];
  /** Present when the program was accepted, with the hash of what it does on the reference rows. */
  readonly accepted: { readonly program: CompiledProgram; readonly behaviour: string } | undefined;
  /** Stages of the critic that saw it, and the one that refused it. */
  readonly stages: readonly CriticStage[];
  readonly refusedBy: CriticStage | null;
  /** How a model came to propose it; null for the grammar designer's. */
  readonly design: Design | null;
}

/** The counts of the critic's stages after a generation. */
export function countStages(before: CriticCounts, proposals: readonly Proposed[]): CriticCounts {
  const counts: CriticCounts = { ...before };
  for (const { stages, refusedBy } of proposals) {
    for (const stage of stages) {
      const { seen, refused } = counts[stage] ?? { seen: 0, refused: 0 };
      counts[stage] = { seen: seen + 1, refused: refused + (stage === refusedBy ? 1 : 0) };
    }
  }
  return counts;
}
