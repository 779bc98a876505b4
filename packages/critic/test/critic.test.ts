import { Environment } from '@rewardsmith/contracts';
import { compile, dependsOnStep } from '@rewardsmith/language';
import type { Labels, Rollout } from '@rewardsmith/rollouts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge, smokeRollout } from '../src/index.ts';

const environment = Environment.parse({
  name: 'test',
  observation: [
    { name: 'position', shape: [], unit: 'm', low: -2, high: 3 },
    { name: 'flags', shape: [2], unit: 'flag', low: 0, high: 1 },
    { name: 'speed', shape: [], unit: 'm/s' },
  ],
  action: { kind: 'discrete', n: 3 },
  maxEpisodeSteps: 10,
});

function compiled(source: string) {
  const compilation = compile(source, environment);
  if (!compilation.ok) throw new Error(compilation.findings[0]?.message);
  const { components } = compilation.program;
  return { components, dependsOnStep: dependsOnStep(compilation.program) };
}

function programOf(components: readonly string[]) {
  const record = components.map((name) => `${name}: next.position`).join(', ');
  return compiled(`export function reward({ next }) { return { ${record} }; }`);
}

/** Labels by hand: what the sandbox would return for components of these values. */
function labelled(rollout: Rollout, components: Readonly<Record<string, (row: number) => number>>): Labels {
  const rows = Array.from({ length: rollout.steps }, (_, row) => row);
  const columns = Object.values(components).map((value) => Float64Array.from(rows, value));
  const total = Float64Array.from(rows, (row) => columns.reduce((sum, column) => sum + (column[row] ?? 0), 0));
  return { names: [...Object.keys(components), 'total'], columns: [...columns, total] };
}

const rollout = smokeRollout(environment, 1);

function codes(components: Readonly<Record<string, (row: number) => number>>): readonly string[] {
  const findings = judge(programOf(Object.keys(components)), labelled(rollout, components), rollout);
  return findings.map(({ code, severity, component }) => `${severity} ${code} ${component ?? ''}`.trim());
}

describe('smokeRollout', () => {
  it('stays within the declared bounds and joins the steps of an episode', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const smoke = smokeRollout(environment, seed);
        const obs = smoke.column({ role: 'obs', field: 'position', index: 0 });
        const next = smoke.column({ role: 'next', field: 'position', index: 0 });
        for (let episode = 0; episode < smoke.episodes; episode += 1) {
          for (let row = smoke.episodeOffsets[episode] ?? 0; row < (smoke.episodeOffsets[episode + 1] ?? 0); row += 1) {
            expect(obs[row]).toBeGreaterThanOrEqual(-2);
            expect(obs[row]).toBeLessThanOrEqual(3);
            if (row > (smoke.episodeOffsets[episode] ?? 0)) expect(obs[row]).toBe(next[row - 1]);
          }
        }
      }),
      { numRuns: 20 },
    );
  });

  it('meets both bounds, ends by failure and by time, and keeps flags whole', () => {
    const position = [...rollout.column({ role: 'obs', field: 'position', index: 0 }).subarray(0, rollout.steps)];
    expect(position).toContain(-2);
    expect(position).toContain(3);
    const flags = rollout.column({ role: 'next', field: 'flags', index: 1 }).subarray(0, rollout.steps);
    expect(flags.every((value) => value === 0 || value === 1)).toBe(true);
    for (const role of ['terminated', 'truncated'] as const) {
      expect(rollout.column({ role, field: '', index: 0 }).subarray(0, rollout.steps)).toContain(1);
    }
  });
});

describe('judge', () => {
  it('finds nothing in components of like size that vary', () => {
    expect(codes({ near: (row) => Math.sin(row), far: (row) => Math.cos(3 * row) })).toEqual([]);
  });

  it('refuses a value that is not finite, with the episode and step where it shows', () => {
    const row = rollout.episodeOffsets[2] ?? 0;
    const components = { near: (at: number) => (at === row + 0 ? Number.NaN : Math.sin(at)), far: Math.cos };
    const [first] = judge(programOf(['near', 'far']), labelled(rollout, components), rollout);
    expect(first).toMatchObject({ code: 'not-finite', severity: 'error', component: 'near' });
    expect(first?.evidence?.[0]).toMatchObject({ episode: 2, fromStep: 0, toStep: 0 });
  });

  it('refuses a component that explodes', () => {
    expect(codes({ near: (row) => (row === 3 ? 1e7 : Math.sin(row)) })).toContain('error exploding-component near');
  });

  it('refuses a reward that is nothing at every step, and lets one pass that may pay elsewhere or tells lengths apart', () => {
    const constant = (value: number) => compiled(`export function reward() { return { only: ${value} }; }`);
    const verdict = (program: ReturnType<typeof compiled>, value: number) =>
      judge(program, labelled(rollout, { only: () => value }), rollout).find(({ code }) => code === 'constant-total');
    expect(verdict(constant(0), 0)?.severity).toBe('error');
    expect(verdict(constant(-1), -1)?.severity).toBe('warning');
    const rare = compiled('export function reward({ next }) { return { only: next.position > 2.999 ? 1 : 0 }; }');
    expect(verdict(rare, 0)?.severity).toBe('warning');
  });

  it('lets dead, constant and dominating components pass with a warning', () => {
    expect(codes({ near: (row) => Math.sin(row), bonus: () => 0 })).toContain('warning dead-component bonus');
    expect(codes({ near: (row) => Math.sin(row), alive: () => 1 })).toContain('warning constant-component alive');
    expect(codes({ near: (row) => Math.sin(row), time: () => -1 })).toContain('note constant-component time');
    expect(codes({ near: (row) => 100 * Math.sin(row), far: (row) => Math.cos(row) })).toEqual([
      'warning dominating-component near',
    ]);
  });

  it('says that one component dominates only where it is there on most steps and drowns every other', () => {
    const rare = (row: number) => (row % 50 === 0 ? 1000 : 0);
    expect(codes({ near: (row) => Math.sin(row), reached: rare })).toEqual([]);
    const large = (row: number) => 100 * Math.sin(row);
    expect(codes({ near: large, far: (row) => Math.cos(row), speed: (row) => 20 * Math.cos(row) })).toEqual([]);
    expect(codes({ near: large, far: (row) => Math.cos(row), effort: (row) => -0.1 * Math.cos(2 * row) })).toEqual([
      'warning dominating-component near',
    ]);
  });

  describe('of going back and forth', () => {
    /** The change of position in a step, whatever the row. */
    const change = (row: number) =>
      (rollout.column({ role: 'next', field: 'position', index: 0 })[row] ?? 0) -
      (rollout.column({ role: 'obs', field: 'position', index: 0 })[row] ?? 0);
    const level = (row: number) => rollout.column({ role: 'next', field: 'position', index: 0 })[row] ?? 0;

    it('warns when progress is paid and its loss is not', () => {
      expect(codes({ progress: (row) => Math.max(0, change(row)) })).toContain('warning pays-for-oscillation');
      expect(codes({ motion: (row) => Math.abs(change(row)) })).toContain('warning pays-for-oscillation');
    });

    it('lets signed changes, levels and costs of motion pass', () => {
      for (const value of [change, level, (row: number) => level(row) - Math.abs(change(row))]) {
        expect(codes({ term: value })).not.toContain('warning pays-for-oscillation');
      }
    });
  });
});
