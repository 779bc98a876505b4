export type { Compiler } from './compiler/compiler.ts';
export type { ProgramFamily } from './compiler/jobs.ts';
export type { CompiledProgram, ProgramText } from './compiler/program.ts';
export type { Asker } from './compiler/supervised-thread.ts';
export { ProgramTooCostly, SandboxClosed, SandboxOverloaded, SandboxRequestError } from './errors.ts';
export {
  createSandbox,
  type LabelRequest,
  type MeasureRequest,
  type RunOptions,
  type Sandbox,
  type SandboxStatus,
  type TrainOptions,
  type TrainRequest,
} from './sandbox.ts';
export { type SandboxSettings, settingsOf } from './settings.ts';
export { sandboxWalls } from './walls/inspect.ts';
export { SandboxWallMissing, type Wall, type WallReport, walls } from './walls/wall.ts';
