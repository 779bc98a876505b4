export { type AskOptions, type CallResult, Endpoint, type Model, type Try } from './client/endpoint.ts';
export { jsonForm, readAnswer, worded } from './form.ts';
export { type Amount, addCosts, amountOf, costOf, noCost, withoutCost, worstCase } from './ledger/amount.ts';
export { type CapName, capPassed, forecastCalls, type Standing, strictest } from './ledger/reserve.ts';
export { NoModelChosen, type OpenedEndpoint, openEndpoint } from './open.ts';
export {
  type Answer,
  type BadAnswer,
  type CallOutcome,
  isBadAnswer,
  type LastingFault,
  mayPass,
  outcomeName,
  type PassingFault,
  type Usage,
} from './outcome.ts';
export { type Prompts, type Purpose, purposes, readPrompts } from './prompts/catalogue.ts';
export { environmentTable } from './prompts/environment-table.ts';
export {
  type FormWords,
  PromptError,
  type PromptIdentity,
  type PromptInputs,
  type RenderedPrompt,
} from './prompts/prompt.ts';
export { coreReference } from './prompts/reference.ts';
export { untrusted } from './prompts/untrusted.ts';
export { Conversation, ConversationPage, RecordedCall } from './record/conversation.ts';
export { createReplayer, NotRecorded } from './record/replayer.ts';
export { type AnswerForm, type BareForm, type Message, type ModelRequest, requestHash } from './request.ts';
export { type ModelSettings, type ModelSettingsReading, readModelSettings } from './settings.ts';
