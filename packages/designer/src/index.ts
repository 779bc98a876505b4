export type { Designer, Parent, Proposal, ProposalRequest } from './designer.ts';
export type { Aim } from './grammar/grammar.ts';
export { createGrammarDesigner } from './grammar-designer.ts';
export { type Experience, formsOf, learnedForms } from './learned-forms.ts';
export { marginProgram } from './margin.ts';
export { type DesignAnswer, designForm, paragraph, programsAsked, programsOf } from './model/answer.ts';
export { type Brief, briefNamed, briefs, freeBrief } from './model/brief.ts';
export {
  type DesignOperator,
  type DesignRequest,
  designPrompt,
  type PromptCall,
  type RefusedProgram,
  type RepairRequest,
  repairPrompt,
} from './model/design-prompt.ts';
export { type CauseText, type EvaluatedParent, evidenceText } from './model/evidence.ts';
export { type Tried, triedText } from './model/tried.ts';
export { type Translated, translatePython } from './python/translate.ts';
