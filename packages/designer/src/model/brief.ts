/**
 * What kind of reward one proposal is asked for. Proposals of a generation get different briefs, because samples of one
 * prompt resemble each other. Their texts are in `prompts/designer/brief.md`.
 */
export interface Brief {
  readonly name: string;
  /** The case of the prompt's text that says it. */
  readonly told: string;
}

/** The briefs of fresh proposals. */
export const briefs: readonly Brief[] = [
  'free',
  'terse',
  'staged',
  // Ng, Harada and Russell, "Policy invariance under reward transformations", ICML 1999.
  'potential',
  'bounded',
  // CaRL (arXiv 2504.17838): one intuitive term, infractions multiply it.
  'multiplicative',
  // Auto MC-Reward (arXiv 2312.09238): sgn(sparse) · 1 + sgn(dense) · 0.1.
  'sign-bounded',
  'curriculum',
].map((name) => ({ name, told: name }));

/** The brief of a proposal that varies an earlier one and is free in its form. */
export const freeBrief: Brief = { name: 'free', told: 'varied' };

/** Whether a brief asks for several programs. */
export function isCurriculum({ name }: Brief): boolean {
  return name === 'curriculum';
}

/** A brief by its name; the free one for a name that is no longer known. */
export function briefNamed(name: string): Brief {
  return briefs.find((brief) => brief.name === name) ?? freeBrief;
}
