import { describe, expect, it } from 'vitest';
import { shortened, shortenedLine } from '../src/index.ts';

describe('a text that is shortened', () => {
  it('is as it was where it is short, and has a mark where it was cut', () => {
    expect(shortened('abc', 3)).toBe('abc');
    expect(shortened('abcd', 3)).toBe('abc…');
    expect(shortened('abcd', 3, ' (cut)')).toBe('abc (cut)');
  });

  it('is not cut in the middle of a character', () => {
    expect(shortened('ab😀d', 3)).toBe('ab…');
    expect(shortened('ab😀d', 4)).toBe('ab😀…');
    expect(shortened('ab😀', 4)).toBe('ab😀');
  });

  it('is one line, however it was laid out', () => {
    expect(shortenedLine(' a\n\n b\tc ', 5)).toBe('a b c');
    expect(shortenedLine('a\nb  c', 3)).toBe('a b…');
  });
});
