import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { chooseParitySteps, emitTarget, seededRandom } from '../src/index.ts';
import { arm, crane } from './environments.ts';
import { exportAll, withDirectory } from './exporting.ts';
import { compiled, fixtures } from './fixtures.ts';
import { describeWithPython, python } from './python/python.ts';

const numpy = (source: string, environment = crane): string => emitTarget(compiled({ source, environment }), 'numpy');

describe('a program over a batch', () => {
  it('computes what two masks share once', () => {
    const text = numpy(`export function reward({ next }) {
      const near = Math.exp(-Math.abs(next.trolley));
      return { a: next.hooked ? near : 0, b: next.touching ? 2 * Math.exp(-Math.abs(next.trolley)) : near };
    }`);
    expect(text.match(/np\.exp\(/g)).toHaveLength(1);
  });

  it('writes a loop over the entries of a vector as one operation on the vector', () => {
    const text = numpy(
      `export function reward({ action, next }) {
        let power = 0;
        for (let j = 0; j < 6; j++) if (next.joints[j] > 0) power += Math.abs(action[j]) * next.jointSpeeds[j];
        return { power };
      }`,
      arm,
    );
    expect(text).toContain('add_up(np.where(joints > 0.0, np.abs(action) * joint_speeds, 0.0))');
  });

  it('keeps a vector a vector where its entries do not matter', () => {
    const source = `export function reward({ next }) {
      let power = 0;
      for (let k = 0; k < 2; k += 1) power += next.joints.reduce((sum, x) => sum + x ** k, 0);
      return { power };
    }`;
    expect(numpy(source, arm)).toContain('add_up(np.power(joints, 0.0)) + add_up(joints)');
    for (const target of ['python', 'torch'] as const) {
      expect(emitTarget(compiled({ source, environment: arm }), target)).not.toMatch(/add_up\((?:1\.0|torch\.full)/);
    }
  });

  it('keeps the sign of a zero only where something can tell', () => {
    const told = numpy('export function reward({ next }) { return { a: 1 / Math.max(next.swing, 0) }; }');
    const untold = numpy('export function reward({ next }) { return { a: 2 * Math.max(next.swing, 0) }; }');
    expect(told).toContain('maximum(swing, 0.0)');
    expect(told).toContain('def maximum(');
    expect(untold).toContain('np.maximum(swing, 0.0)');
    expect(untold).not.toContain('def maximum(');
  });
});

describe('a program whose values share their parts over and over', () => {
  const turns = (start: string, step: string, result: string): string =>
    `export const params = { gain: 1.01 };
export function reward({ next, params }) { let ${start}; for (let i = 0; i < 40; i++) { ${step} } return { a: ${result} }; }`;
  // Gone through once for each way to a part, any of these would outlast the test.
  it.each([
    [
      'chosen numbers',
      turns('a = 0, b = 1', '[a, b] = [next.rope > i ? b : a + 1, next.swing > i ? a + 1 : b];', '1 / (a + b)'),
    ],
    ['params', turns('a = params.gain', 'a = a * a + 1 / a;', 'a * next.swing')],
    [
      'conditions',
      turns(
        'a = next.hooked, b = next.touching',
        'const c = a && !b; b = a || (b && next.swing > i); a = c || b;',
        'a',
      ),
    ],
  ])('is exported, and its ways are looked for: %s', (_, source) => {
    const program = compiled({ source, environment: crane });
    for (const target of ['python', 'numpy', 'torch'] as const)
      expect(emitTarget(program, target)).toContain('def reward(');
    expect(chooseParitySteps(program, seededRandom(1)).episodes.length).toBeGreaterThan(0);
  });
});

describeWithPython('a PyTorch export', () => {
  it.each(['arm-vectors', 'arm-quaternions', 'crane-stages', 'crane-tolerances'])(
    '%s: has the dtype and the device of its inputs, takes flags as truth values, and refuses whole numbers',
    (name) => {
      const fixture = fixtures.find((each) => each.name === name);
      withDirectory((directory) => {
        const environment = name.startsWith('arm') ? 'arm' : 'crane';
        exportAll({ directory, seed: 3, programs: [{ name: 'program', source: fixture?.source ?? '', environment }] });
        const script = fileURLToPath(new URL('./python/tensors.py', import.meta.url));
        const files = [join(directory, 'program_torch.py'), join(directory, 'program.json')];
        const output = execFileSync(python, ['-W', 'ignore', script, ...files, 'touch'], { encoding: 'utf8' });
        // Where no constant would be rounded, PyTorch's own promotion does.
        const refused =
          name === 'crane-tolerances'
            ? 'none'
            : expect.stringContaining('fields must be floating tensors: convert whole numbers');
        expect(JSON.parse(output)).toEqual({
          cpu: ['torch.float32 cpu True'],
          meta: ['torch.float64 meta True'],
          'whole numbers': [refused, refused],
          flags: [true, true],
        });
      });
    },
  );
});
