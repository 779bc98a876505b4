import { type Finding, findingText } from '@rewardsmith/contracts';
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

export const reviewExample = `{
  "components": [{ "name": "upright", "does": "pays the cosine of the angle after the step, 1 at the top" }],
  "findings": [
    {
      "kind": "wrong-sign",
      "severity": "error",
      "line": 4,
      "component": "effort",
      "evidence": "0.1 * action[0] ** 2 is up to 0.4 and is added, so larger torque pays",
      "advice": "write -0.1 * action[0] ** 2"
    }
  ]
}`;

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** The values of the part of the review's prompt that changes from program to program. */
export function reviewInputs(
  program: RewardProgram,
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

function cut(text: string): string {
  const flat = text.replace(/\s+/g, ' ').trim();
  return flat.length > limits.reviewText ? `${flat.slice(0, limits.reviewText)}…` : flat;
}

/**
 * A review's findings as the critic's own. An error needs a place that exists and evidence; without them, and where
 * `mayRefuse` is false, it is a warning: a reviewer that cannot point at anything must not stop a search.
 */
export function reviewFindings(program: RewardProgram, review: Review, mayRefuse: boolean): readonly Finding[] {
  const lines = program.source.split('\n').length;
  const known = new Set(program.components);
  return review.findings
    .slice(0, limits.reviewFindings)
    .map(({ kind, severity, line, component, evidence, advice }) => {
      const place = line !== null && Number.isInteger(line) && line >= 1 && line <= lines ? { line } : {};
      const named = component !== null && known.has(component) ? { component } : {};
      const grounded = evidence.trim() !== '' && ('line' in place || 'component' in named);
      return {
        code: kind,
        severity: severity === 'error' && grounded && mayRefuse ? 'error' : 'warning',
        message: cut(evidence) || 'The reviewer gave no evidence.',
        advice: cut(advice),
        ...place,
        ...named,
      };
    });
}
