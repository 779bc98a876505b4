import { type Finding, findingText, isRecord, shortenedLine, textOr } from '@rewardsmith/contracts';
import type { RewardProgram } from '@rewardsmith/language';
import { type Labels, labelColumn, type Rollout } from '@rewardsmith/rollouts';
import { z } from 'zod';
import { limits } from './limits.ts';
import { spread } from './spread.ts';

/** What a model's review may find; docs/failure-taxonomy.md says what each means. */
export const reviewKinds = [
  'wrong-sign',
  'wrong-unit',
  'wrong-quantity',
  'misnamed-component',
  'farmed-by-oscillating',
  'farmed-by-idling',
  'farmed-by-ending-early',
  'farmed-by-never-ending',
  'unreachable-bonus',
  'goal-not-rewarded',
  'contradiction',
] as const;

/** A review as a model answers it: what each component does, and what is wrong, with places. */
export const Review = z.strictObject({
  components: z.array(z.strictObject({ name: z.string(), does: z.string() })),
  findings: z.array(
    z.strictObject({
      kind: z.enum(reviewKinds),
      severity: z.enum(['error', 'warning']),
      line: z.number().nullable().describe('Line of the program, counted from 1.'),
      component: z.string().nullable(),
      evidence: z.string().describe('What the text computes there, in numbers.'),
      advice: z.string().describe('What to write instead.'),
    }),
  ),
});
export type Review = z.infer<typeof Review>;

/** A review of another shape: what can be read of it. A finding of a kind that there is not is none. */
export function adaptReview(value: unknown): unknown {
  if (!isRecord(value) || !Array.isArray(value['findings'])) return value;
  const { components, findings } = value;
  const kinds: ReadonlySet<unknown> = new Set(reviewKinds);
  return {
    components: (Array.isArray(components) ? components : []).flatMap((entry) =>
      isRecord(entry) ? [{ name: textOr(entry['name']), does: textOr(entry['does']) }] : [],
    ),
    findings: findings.flatMap((entry) => {
      if (!isRecord(entry) || !kinds.has(entry['kind'])) return [];
      const { kind, severity, line, component, evidence, advice } = entry;
      const place = typeof line === 'string' && /^\d+$/.test(line) ? Number(line) : line;
      return [
        {
          kind,
          severity: severity === 'error' ? 'error' : 'warning',
          line: typeof place === 'number' ? place : null,
          component: typeof component === 'string' ? component : null,
          evidence: textOr(evidence),
          advice: textOr(advice),
        },
      ];
    }),
  };
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** The values of the part of the review's prompt that changes from program to program. */
export function reviewInputs(
  program: Pick<RewardProgram, 'source' | 'components'>,
  labels: Labels,
  rollout: Rollout,
  warnings: readonly Finding[],
): { readonly source: string; readonly components: string; readonly warnings: string } {
  const lines = program.source.trimEnd().split('\n');
  const width = String(lines.length).length;
  const rows = [...program.components, 'total'].map((name) => {
    const { min, max, variance } = spread(name, labelColumn(labels, name), rollout.steps);
    return `| \`${name}\` | ${short(min)} | ${short(max)} | ${short(Math.sqrt(variance))} |`;
  });
  return {
    source: lines.map((line, index) => `${String(index + 1).padStart(width)}  ${line}`).join('\n'),
    components: ['| component | least | most | standard deviation |', '|---|---|---|---|', ...rows].join('\n'),
    warnings: warnings.map((finding) => `- ${findingText(finding)}`).join('\n'),
  };
}

const cut = (text: string): string => shortenedLine(text, limits.reviewText);

/** Whether an evidence gives numbers, as it was asked to: an error must be shown and not only said. */
const inNumbers = (evidence: string) => /\d/.test(evidence);

/**
 * A review's findings as the critic's own, each place once. An error needs a place that exists and evidence in numbers; without
 * them, and where `mayRefuse` is false, it is a warning: a reviewer that cannot show anything must not stop a search. What points
 * only at places that do not exist is a note, which no designer is told.
 */
export function reviewFindings(
  program: Pick<RewardProgram, 'source' | 'components'>,
  review: Review,
  mayRefuse: boolean,
): readonly Finding[] {
  const lines = program.source.split('\n').length;
  const known = new Set(program.components);
  const said = new Set<string>();
  return review.findings
    .flatMap(({ kind, severity, line, component, evidence, advice }): readonly Finding[] => {
      const place = line !== null && Number.isInteger(line) && line >= 1 && line <= lines ? { line } : {};
      const named = component !== null && known.has(component) ? { component } : {};
      const key = JSON.stringify([kind, place, named]);
      if (said.has(key)) return [];
      said.add(key);
      const placed = 'line' in place || 'component' in named;
      const astray = !placed && (line !== null || component !== null);
      const message = cut(evidence) || 'The reviewer gave no evidence.';
      const refuses = severity === 'error' && placed && inNumbers(evidence) && mayRefuse;
      return [
        {
          code: kind,
          severity: astray ? 'note' : refuses ? 'error' : 'warning',
          message: astray ? `${message} (The review points at a place that the program does not have.)` : message,
          advice: cut(advice),
          ...place,
          ...named,
        },
      ];
    })
    .slice(0, limits.reviewFindings);
}
