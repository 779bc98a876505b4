import type { ExportTarget } from '@rewardsmith/contracts';
import type { RewardProgram } from '../ir/program.ts';
import { emitJavaScript } from './javascript.ts';
import { emitNumpy } from './python/batch/numpy.ts';
import { emitTorch } from './python/batch/torch.ts';
import { emitPython } from './python/step.ts';

const emitters: Readonly<Record<ExportTarget, (program: RewardProgram) => string>> = {
  javascript: emitJavaScript,
  python: emitPython,
  numpy: emitNumpy,
  torch: emitTorch,
};

/** How a module of each target is called on disk. */
export const targetEndings: Readonly<Record<ExportTarget, string>> = {
  javascript: '.js',
  python: '.py',
  numpy: '.py',
  torch: '.py',
};

/** The program as a module that a trainer runs: its own text, formatted, with a docstring and a self-check. */
export function emitTarget(program: RewardProgram, target: ExportTarget): string {
  return emitters[target](program);
}
