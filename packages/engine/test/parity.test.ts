import { Environment } from '@rewardsmith/contracts';
import { compile } from '@rewardsmith/language';
import { createSandbox } from '@rewardsmith/sandbox';
import { describe, expect, it } from 'vitest';
import { parityText } from '../src/parity.ts';

const environment = Environment.parse({
  name: 'slide',
  description: 'Keep a bead on its mark.',
  observation: [{ name: 'bead', shape: [], unit: 'm', low: -1, high: 1 }],
  action: { kind: 'discrete', n: 2 },
  constants: {},
  maxEpisodeSteps: 20,
});

describe('the text of a parity file', () => {
  it('says why the sandbox refuses to label its rows', async () => {
    const compilation = compile('export const reward = ({ next }) => ({ near: -next.bead, far: 1 });', environment);
    if (!compilation.ok) throw new Error(JSON.stringify(compilation.findings));
    const sandbox = await createSandbox({ runners: 1, spares: 0, components: 1 });
    try {
      await expect(parityText(sandbox, 'local', compilation.program)).rejects.toThrow(
        'the parity rows could not be labelled: rejected: too-many-components: 2 components, 1 are allowed',
      );
    } finally {
      await sandbox.close();
    }
  });
});
