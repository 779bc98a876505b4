export type { ModelSource } from './model/access.ts';
export { type RoleTrial, tryRoles } from './model/try-roles.ts';
export { type Engine, type EngineHealth, type EngineSettings, openEngine } from './open.ts';
export type { Caller, ConversationAnswer, Page, RewardAnswer, Submitted, TaskService } from './service.ts';
export { checkSubmission, type SubmissionFault } from './submission.ts';
