export { type Engine, type EngineHealth, type EngineSettings, openEngine } from './open.ts';
export type { Caller, Page, RewardAnswer, Submitted, TaskService } from './service.ts';
export { checkSubmission, type SubmissionFault } from './submission.ts';
