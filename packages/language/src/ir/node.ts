import type { ColumnRole } from '@rewardsmith/contracts';

/** `length` is null for a scalar, else the entries of a vector. */
export interface Type {
  readonly element: 'number' | 'boolean';
  readonly length: number | null;
}

export type UnaryOperator = '-' | '!' | 'number' | 'truth';
export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '**';
/** Functions that say more of a number than its digits do. */
export const formulaFunctions = [
  'Math.sqrt',
  'Math.exp',
  'Math.log',
  'Math.sin',
  'Math.cos',
  'Math.tan',
  'Math.tanh',
] as const;
export type FormulaFunction = (typeof formulaFunctions)[number];
/** What every language computes alike, and what a number is shown to be made by. */
export type FormulaOperator = '+' | '-' | '*' | '/' | FormulaFunction;
export type ComparisonOperator = '<' | '<=' | '>' | '>=' | '===' | '!==';
export type LogicOperator = '&&' | '||';
export type BinaryOperator = ArithmeticOperator | ComparisonOperator | LogicOperator;
export type FoldOperator = '+' | '*' | 'max' | 'min' | '&&' | '||';

interface Base {
  /** Place in creation order: operands come before their users. */
  readonly id: number;
  readonly type: Type;
  readonly args: readonly Node[];
}

/** A number, a truth value or a vector of either, known when the program is compiled. */
export interface ConstantNode extends Base {
  readonly op: 'constant';
  readonly value: number | boolean | readonly number[] | readonly boolean[];
  /** The name the program gives it, when it has one. */
  readonly label: string | null;
  /** What the program computes it by from its `args`, which are constants: one is negated or given to a function, two are combined. */
  readonly operator: FormulaOperator | null;
}

/** A field of the step; `field` is empty for the action and the two flags. */
export interface InputNode extends Base {
  readonly op: 'input';
  readonly role: ColumnRole;
  readonly field: string;
}

/** One of the program's tunable numbers, or one entry of its memory. */
export interface VariableNode extends Base {
  readonly op: 'param' | 'memory';
  readonly name: string;
}

/** Element by element over vectors, a scalar counting for every entry. */
export interface UnaryNode extends Base {
  readonly op: 'unary';
  readonly operator: UnaryOperator;
}
export interface BinaryNode extends Base {
  readonly op: 'binary';
  readonly operator: BinaryOperator;
}
/** `args` are test, then, otherwise. Selections of one `merge` come from one branch of the program. */
export interface SelectNode extends Base {
  readonly op: 'select';
  readonly merge: number;
}
/** A `Math` function or one of the standard library, by its name in `library/signatures.ts`. */
export interface CallNode extends Base {
  readonly op: 'call';
  readonly callee: string;
  /** A choice made when the program is compiled, such as the shape of `tolerance`. */
  readonly option: string | null;
}
/** Scalars gathered into a vector. */
export interface PackNode extends Base {
  readonly op: 'pack';
}
/** Entries of a vector at fixed places: one (`length` null) or several. */
export interface TakeNode extends Base {
  readonly op: 'take';
  readonly indices: readonly number[];
}
/** `args` are the vector and, optionally, the value to start from; folded from the first entry to the last. */
export interface FoldNode extends Base {
  readonly op: 'fold';
  readonly operator: FoldOperator;
}
/** Stands for the running value while a reduction is being recognised; never part of a finished program. */
export interface HoleNode extends Base {
  readonly op: 'hole';
  readonly serial: number;
}

export type Node =
  | ConstantNode
  | InputNode
  | VariableNode
  | UnaryNode
  | BinaryNode
  | SelectNode
  | CallNode
  | PackNode
  | TakeNode
  | FoldNode
  | HoleNode;
