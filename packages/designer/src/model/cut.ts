import { shortened } from '@rewardsmith/contracts';

/** A text of bounded length, which says so where it was cut: names and messages of a model's making can be of any length. */
export function cut(text: string, length: number): string {
  return shortened(text, length, ' … (cut)');
}
