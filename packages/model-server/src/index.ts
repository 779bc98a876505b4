export type { Account, Usage } from './account.ts';
export type { Behaviour, BehaviourInput } from './behaviour.ts';
export type { ChatRequest } from './request.ts';
export type { ScriptInput } from './script.ts';
export { type ModelServer, type ModelServerOptions, startModelServer } from './server.ts';
