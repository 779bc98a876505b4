/**
 * What kind of reward one proposal is asked for. Proposals of a generation get different briefs, because samples of one
 * prompt resemble each other.
 */
export interface Brief {
  readonly name: string;
  /** Said to the model. */
  readonly text: string;
}

const oneProgram = 'Give exactly one program.';

/** The briefs of fresh proposals. */
export const briefs: readonly Brief[] = [
  {
    name: 'free',
    text: `Choose the form that suits the task best. ${oneProgram}`,
  },
  {
    name: 'terse',
    text: `Use as few components as will do: one or two, each a single clear signal, and no term whose absence would not be missed. ${oneProgram}`,
  },
  {
    name: 'staged',
    text: `Break the task into stages that come one after another, and pay each when it is reached for the first time, more for later ones, with a signal inside each stage that leads to the next. Use \`memory\` to know which stages are behind. ${oneProgram}`,
  },
  {
    // Ng, Harada and Russell, "Policy invariance under reward transformations", ICML 1999.
    name: 'potential',
    text: `Choose one potential, a function of the state that grows as the task comes nearer to being met, and pay its change from the state before to the state after; add the outcome itself, and nothing else that can be collected twice. ${oneProgram}`,
  },
  {
    name: 'bounded',
    text: `Let every component stay between 0 and 1, or between -1 and 0, by \`tolerance\`, \`Math.tanh\` or an exponential of a negative distance with a width taken from the declared bounds, so that none can drown another. ${oneProgram}`,
  },
  {
    // CaRL (arXiv 2504.17838): one intuitive term, infractions multiply it.
    name: 'multiplicative',
    text: `Use one main term for progress and multiply it by factors between 0 and 1, one for each thing that must not be done; return \`{ total, components }\` with the product as the total. ${oneProgram}`,
  },
  {
    // Auto MC-Reward (arXiv 2312.09238): sgn(sparse) · 1 + sgn(dense) · 0.1.
    name: 'sign-bounded',
    text: `Use one sparse component for the events that matter, worth 1 or -1, and one dense component for the way there, of which only the sign counts, worth 0.1 or -0.1. ${oneProgram}`,
  },
  {
    name: 'curriculum',
    text: 'The task may be too hard to learn at once. Give two or three programs, the easiest first, each a complete reward on its own and each nearer to the task than the one before; the last is the task itself.',
  },
];

/** The brief of a proposal that varies an earlier one and is free in its form. */
export const freeBrief: Brief = { name: 'free', text: oneProgram };

/** Whether a brief asks for several programs. */
export function isCurriculum({ name }: Brief): boolean {
  return name === 'curriculum';
}

/** A brief by its name; the free one for a name that is no longer known. */
export function briefNamed(name: string): Brief {
  return briefs.find((brief) => brief.name === name) ?? freeBrief;
}
