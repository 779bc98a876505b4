import { type Labels, labelColumn } from '@rewardsmith/rollouts';
import { limits } from './limits.ts';

/**
 * What a program does on reference rows, as a text to be compared or hashed: its total at every row, up to a positive
 * factor, which no comparison of returns can see. Two programs with one text train the same policies as far as these
 * rows show.
 */
export function behaviourText(labels: Labels): string {
  const total = labelColumn(labels, 'total');
  const size = total.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  if (!Number.isFinite(size) || size === 0) return Array.from(total, String).join(' ');
  // Rounded to a grid of the largest value: adding 0 turns -0 into 0.
  const grid = 10 ** limits.behaviourDigits;
  return Array.from(total, (value) => Math.round((value / size) * grid) + 0).join(' ');
}
