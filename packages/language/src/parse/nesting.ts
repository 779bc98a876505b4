import type { Finding } from '@rewardsmith/contracts';

/**
 * Brackets inside brackets past `most`, at the place where it happens; nothing for a text within it. Looked at before the parser
 * is asked, whose time grows faster than the nesting.
 */
export function nestedTooDeeply(text: string, most: number): Finding | null {
  let [depth, line, start] = [0, 1, 0];
  for (const [index, character] of [...text].entries()) {
    if (character === '\n') [line, start] = [line + 1, index + 1];
    else if ('([{'.includes(character)) depth += 1;
    else if (')]}'.includes(character)) depth = Math.max(0, depth - 1);
    if (depth <= most) continue;
    return {
      code: 'program-too-large',
      severity: 'error',
      message: `The program has brackets more than ${most} deep.`,
      advice: 'Flatten its expressions: name their parts.',
      line,
      column: index - start + 1,
    };
  }
  return null;
}
