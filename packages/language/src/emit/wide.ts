/**
 * Steps that one turn of the wide loop takes, the operators a step beyond which it saves nothing, and the steps of a call from which on it pays for the
 * millisecond more that V8 takes to compile it: `docs/benchmarks.md`, under Sandbox, has the figures.
 */
export const wideSteps = 3;
export const mostWideOperators = 32;
export const leastWideSteps = 200_000;

/** The parameters of a kernel: `contracts/src/kernel.ts`. */
export const parameters = 'columns, episodeOffsets, episodes, params, outputs';

/**
 * Of two function expressions, one that runs as the second where a call has `wideFrom` steps or more, and as the first otherwise. V8 compiles the second only
 * once it is called: it is not in parentheses.
 */
export function eitherOf(narrow: string, wide: string, wideFrom: number): string {
  return [
    '(() => {',
    "'use strict';",
    `const narrow = (${narrow});`,
    `const wide = ${wide};`,
    `return (${parameters}) =>`,
    `  (episodeOffsets[episodes] - episodeOffsets[0] < ${wideFrom} ? narrow : wide)(${parameters});`,
    '})()',
  ].join('\n');
}
