import { describe, expect, it } from 'vitest';
import { fit } from '../src/emit/python/fit.ts';

describe('a line of Python that is too long', () => {
  it('is never broken inside a subscript, where the comma of a broken list would make a tuple of the index', () => {
    const nested = Array.from({ length: 30 }).reduce<string>(
      (inner, _, index) => `(${inner} if lidar[${29 - index}] > 1.0 else ${29 - index}.0)`,
      '30.0',
    );
    const lines = fit(`    run = ${nested}`);
    expect(lines.length).toBeGreaterThan(30);
    for (let index = 0; index < 30; index++) expect(lines.join('\n')).toContain(`lidar[${index}]`);
  });

  it('is broken inside the call before a subscript', () => {
    const call = `cross(${'a_long_vector, '.repeat(5)}a_long_vector)[1]`;
    expect(fit(`    turned = ${call}`)).toEqual([
      '    turned = cross(',
      `        ${'a_long_vector, '.repeat(5)}a_long_vector`,
      '    )[1]',
    ]);
  });
});
