import { expect, test } from 'vitest';
import { compilingWithinCalls, withCompilers } from '../src/runner/compiler-tier.ts';

test('a program that replaces how lists are walked cannot hand the engine flags of its own', () => {
  const walker: Iterator<unknown> = Object.getPrototypeOf([].values());
  const { next } = walker;
  let walked = 0;
  walker.next = function (...given) {
    walked += 1;
    return next.apply(this, given);
  };
  try {
    withCompilers(false, () => {});
    compilingWithinCalls(() => {});
  } finally {
    walker.next = next;
  }
  expect(walked).toBe(0);
});
