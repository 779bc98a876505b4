export { type Compilation, type CompileOptions, compile } from './compile.ts';
export { emitJavaScript } from './emit/javascript.ts';
export { emitKernel } from './emit/kernel.ts';
export { emitPython } from './emit/python/step.ts';
export type { RewardProgram } from './ir/program.ts';
export { limits } from './limits.ts';
