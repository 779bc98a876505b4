export { type Compilation, type CompileOptions, compile } from './compile.ts';
export { emitKernel } from './emit/kernel.ts';
export { emitTarget, targetEndings } from './emit/targets.ts';
export type { RewardProgram } from './ir/program.ts';
export { limits } from './limits.ts';
export { type Random, seededRandom } from './parity/candidates.ts';
export { chooseParitySteps, type ParitySteps } from './parity/choose.ts';
export { parityFile } from './parity/file.ts';
