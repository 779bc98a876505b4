import type { Finding } from '@rewardsmith/contracts';
import { expect, it } from 'vitest';
import { briefNamed, freeBrief, programsOf, repairPrompt } from '../src/index.ts';
import { limits } from '../src/limits.ts';
import { stuck } from './parent.ts';

it('sends a refusal back with its errors first and without its notes', () => {
  const findings: Finding[] = [
    { code: 'fences-removed', severity: 'note', message: 'Fences were taken off.', advice: '' },
    { code: 'dead-component', severity: 'warning', message: 'bonus is 0.', advice: 'Drop it.' },
    {
      code: 'unknown-field',
      severity: 'error',
      message: 'No field heigth.',
      advice: 'Use height.',
      line: 3,
      column: 5,
    },
  ];
  const { inputs } = repairPrompt({
    brief: freeBrief,
    thought: '',
    programs: [{ place: { number: 1, of: 1 }, source: 'SOURCE\n', findings }],
    kept: 0,
    attempt: 2,
    attempts: 3,
  });
  const told =
    '- error unknown-field (line 3, column 5): No field heigth. Use height.\n- warning dead-component: bonus is 0. Drop it.';
  expect(inputs['refused']).toEqual([{ name: '', source: 'SOURCE', findings: told }]);
});

it('asks for one program where one of a curriculum is sent back', () => {
  const programs = [{ place: { number: 2, of: 3 }, source: 'SOURCE', findings: [stuck] }];
  const refused = { thought: '', programs, kept: 2, attempt: 1, attempts: 3 };
  const told = (name: string) => repairPrompt({ ...refused, brief: briefNamed(name) }).inputs['brief'];
  expect([told('curriculum'), told('staged')]).toEqual([freeBrief.told, 'staged']);
  const { inputs } = repairPrompt({ ...refused, brief: freeBrief });
  expect(inputs).toMatchObject({ kept: 2, refused: [{ name: 'Program 2 of 3' }] });
});

it('cuts what a model could swell its next prompt with', () => {
  const findings = Array.from(
    { length: 50 },
    (): Finding => ({ ...stuck, severity: 'error', message: 'x'.repeat(9_000) }),
  );
  const { inputs } = repairPrompt({
    brief: freeBrief,
    thought: 'x'.repeat(10),
    programs: [{ place: { number: 1, of: 1 }, source: 'x'.repeat(500_000), findings }],
    kept: 0,
    attempt: 1,
    attempts: 3,
  });
  const size = JSON.stringify(inputs).length;
  expect(size).toBeLessThan(limits.repairSourceLength + limits.findings * (limits.findingLength + 20) + 500);
  const [program = ''] = programsOf({ thought: '', programs: ['x'.repeat(500_000)] }, 1).programs;
  expect(program.length).toBe(limits.programLength + 1);
});
