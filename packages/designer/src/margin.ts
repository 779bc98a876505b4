import type { Environment } from '@rewardsmith/contracts';
import { successCondition } from './predicates.ts';

/** The margin of a comparison that is met by equality. */
const LEAST = 1e-9;

/**
 * A program whose one component, `margin`, says after each step how clearly the success condition is met: its
 * quantitative robustness at that step, the least over its comparisons (Donzé and Maler 2010), each in units of its field's declared
 * width, of the widest where it reads several, in the field's own unit where none has a width. Over time it says nothing: `eventually` or `always` is for whoever reads
 * the steps. Positive when it is met, with equality too where equality meets it, which is 0 in the paper. Nothing when the condition has no
 * comparison of the state.
 */
export function marginProgram(success: string, environment: Environment): string | undefined {
  const { predicates } = successCondition(success);
  if (predicates.length === 0) return undefined;
  const widths = new Map(
    environment.observation.map(({ name, low, high }) => [
      name,
      typeof low === 'number' && typeof high === 'number' && high > low ? high - low : 1,
    ]),
  );
  const parts = predicates.map(({ margin, fields, strict }) => {
    const width = Math.max(...fields.map((field) => widths.get(field) ?? 1));
    const plain = `(${margin.replace(/\bstate\./g, 'next.')}) / ${width}`;
    // Equality meets the comparison: it is the least that counts as positive.
    return strict ? plain : `(${plain} === 0 ? ${LEAST} : ${plain})`;
  });
  const [first, ...rest] = parts;
  const least = rest.length === 0 ? first : `Math.min(${parts.join(', ')})`;
  return `export function reward({ next, env }) {\n  return { margin: ${least} };\n}\n`;
}
