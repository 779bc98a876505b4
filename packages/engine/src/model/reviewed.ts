import type { Finding } from '@rewardsmith/contracts';
import { type Review, reviewFindings, reviewKinds } from '@rewardsmith/critic';
import type { RefusedProgram } from '@rewardsmith/designer';
import type { Verdict } from '../moves/critique.ts';
import type { Reply } from './question.ts';

/** What a review came to; one that could not be read leaves a note, so that nobody takes its silence for approval. */
export function reviewed(
  { program }: NonNullable<Verdict['passed']>,
  review: Reply<Review> | undefined,
  mayRefuse: boolean,
): readonly Finding[] {
  if (review === undefined) return [];
  if (review.kind === 'answered') return reviewFindings(program, review.value, mayRefuse);
  const message = `The review gave nothing that could be used (${review.reason}): ${review.message}`;
  return [{ code: 'review-unusable', severity: 'note', message, advice: 'The computed checks alone have passed it.' }];
}

const reviewCodes: ReadonlySet<string> = new Set(reviewKinds);

/** The findings of a review with its errors as warnings. */
export function softened(findings: readonly Finding[]): readonly Finding[] {
  return findings
    .filter(({ code }) => reviewCodes.has(code))
    .map((finding) => (finding.severity === 'error' ? { ...finding, severity: 'warning' } : finding));
}

/** What a review is told of where a program stands: before the last of a curriculum it need not ask for the whole task. */
export const stageText = ({ number, of }: RefusedProgram['place']) =>
  number < of
    ? 'It is an early stage of a curriculum: it may reward a part of the task, or what leads there, and need not reward the whole.'
    : '';
