import type { Finding } from '@rewardsmith/contracts';
import type { EvaluatedParent } from '../src/index.ts';

export const stuck: Finding = {
  code: 'stuck',
  severity: 'warning',
  message: '3 of 3 episodes stood still.',
  advice: 'Pay for change.',
  component: 'level',
  evidence: [{ episode: 1, fromStep: 20, toStep: 40, values: { fitness: 0.25 } }],
};

/** A parent as a model is shown it: trained, looked at and explained. */
export const parent: EvaluatedParent = {
  thought: 'Height is what counts',
  untrainedFitness: 0.01234567,
  source: 'export function reward({ next }) { return { level: next.height }; }\n',
  fitness: { mean: 0.123456, standardDeviation: 0.1, values: [0.1, 0.2], episodes: 32, successRate: 0.25 },
  facts: 'FACTS',
  findings: [stuck],
  warnings: [],
  causes: [{ finding: 'stuck', cause: 'The level pays for waiting.', advice: 'Pay the change of height.' }],
  summary: 'It waits.',
  ownFitness: false,
  given: false,
  short: false,
};
