export type { Designer, Parent, Proposal, ProposalRequest } from './designer.ts';
export { createGrammarDesigner } from './grammar-designer.ts';
