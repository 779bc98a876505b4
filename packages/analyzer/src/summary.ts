import { type Finding, findingText, isRecord, shortenedLine, textOr } from '@rewardsmith/contracts';
import { z } from 'zod';
import { limits } from './limits.ts';

/** A model's explanation: causes and advice, each tied to a finding by its name, and what the next version has to do. */
export const Summary = z.strictObject({
  causes: z.array(
    z.strictObject({ finding: z.string().describe('Its name, as F1.'), cause: z.string(), advice: z.string() }),
  ),
  summary: z.string(),
});
export type Summary = z.infer<typeof Summary>;

/** A summary of another shape: the causes that can be read of it. */
export function adaptSummary(value: unknown): unknown {
  if (!isRecord(value)) return value;
  const { causes, summary } = value;
  if (!Array.isArray(causes) && typeof summary !== 'string') return value;
  return {
    causes: (Array.isArray(causes) ? causes : []).flatMap((entry) =>
      isRecord(entry)
        ? [{ finding: textOr(entry['finding']), cause: textOr(entry['cause']), advice: textOr(entry['advice']) }]
        : [],
    ),
    summary: textOr(summary),
  };
}

/** Findings with the names by which a summary refers to them. */
export function namedFindings(findings: readonly Finding[]): string {
  return findings.map((finding, index) => `- F${index + 1} ${findingText(finding)}`).join('\n');
}

export interface Cause {
  /** Code of the finding that it explains. */
  readonly finding: string;
  readonly cause: string;
  readonly advice: string;
}

const cut = (text: string): string => shortenedLine(text, limits.summaryText);

/** The causes that are tied to a finding that exists; the others rest on nothing and are dropped. */
export function groundedSummary(
  summary: Summary,
  findings: readonly Finding[],
): { readonly causes: readonly Cause[]; readonly summary: string; readonly dropped: number } {
  const causes = summary.causes.flatMap(({ finding, cause, advice }): readonly Cause[] => {
    const [, number] = /^\s*F(\d+)\b/.exec(finding) ?? [];
    const code = number === undefined ? undefined : findings[Number(number) - 1]?.code;
    return code === undefined ? [] : [{ finding: code, cause: cut(cause), advice: cut(advice) }];
  });
  return {
    causes: causes.slice(0, limits.causes),
    summary: cut(summary.summary),
    dropped: summary.causes.length - causes.length,
  };
}
