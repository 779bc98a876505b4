import { factsText } from '@rewardsmith/analyzer';
import type { Reflection } from '@rewardsmith/contracts';
import type { EvaluatedParent, Tried } from '@rewardsmith/designer';
import { untrusted } from '@rewardsmith/llm';
import type { CandidateRow } from '@rewardsmith/store';
import { quotable } from './quotable.ts';

/** An evaluated candidate as its designer's prompt shows it, as far as the task's reflection goes; its fitness is the search's alone. */
export function evaluatedParent(
  row: CandidateRow,
  reflection: Reflection,
  ownFitness: boolean,
): EvaluatedParent | undefined {
  if (row.fitness === null) return undefined;
  const untrained = row.runs.flatMap((run) => run.untrainedFitness ?? []);
  const explained = row.explanation?.causes ?? [];
  const found = new Set(row.findings.map(({ code }) => code));
  const causes = explained.filter(({ finding }) => found.has(finding));
  const sum = untrained.reduce((total, value) => total + value, 0);
  return {
    source: row.source,
    thought: row.operator === 'given' || row.operator === 'tune' ? '' : untrusted(row.thought),
    fitness: row.fitness,
    untrainedFitness: untrained.length === 0 ? undefined : sum / untrained.length,
    facts: reflection === 'none' ? 'Not recorded.' : factsText(row.runs),
    findings: reflection === 'taxonomy' ? row.findings : [],
    warnings:
      reflection === 'taxonomy' ? row.critique.filter(({ severity }) => severity === 'warning').map(quotable) : [],
    causes:
      reflection === 'taxonomy'
        ? causes.map(({ finding, cause, advice }) => ({
            finding,
            cause: untrusted(cause),
            advice: untrusted(advice),
          }))
        : [],
    // A candidate that was trained again since may show other things: what is said of those that are gone is gone too.
    summary:
      reflection === 'taxonomy' && causes.length === explained.length ? untrusted(row.explanation?.summary ?? '') : '',
    ownFitness,
    given: row.operator === 'given',
    short: row.status === 'screened',
  };
}

function problems(row: CandidateRow): readonly string[] {
  if (row.failure !== null) return [`${row.failure.kind}: ${row.failure.message}`];
  const told =
    row.status === 'refused' ? row.critique.filter(({ severity }) => severity === 'error').map(quotable) : row.findings;
  return [...new Set(told.map(({ code, message }) => (row.status === 'refused' ? `${code}: ${message}` : code)))];
}

/** An answer without a program, or with one that stands in the list already, teaches no designer anything. */
const teaches = ({ refusedBy }: CandidateRow) => refusedBy !== 'answer' && refusedBy !== 'duplicates';

/**
 * What the task has tried, in short, without the candidates that a prompt shows in full; other numbers for a program are told of
 * only where they make the best candidate.
 */
export function triedBefore(rows: readonly CandidateRow[], shown: ReadonlySet<string>): readonly Tried[] {
  const best = Math.max(...rows.flatMap(({ fitness }) => fitness?.mean ?? []));
  return rows
    .filter((row) => !shown.has(row.id) && teaches(row) && (row.operator !== 'tune' || row.fitness?.mean === best))
    .map((row) => ({
      thought: untrusted(row.thought),
      components: row.components,
      fitness: row.fitness?.mean,
      short: row.status === 'screened',
      problems: problems(row),
      source: row.source,
    }));
}
