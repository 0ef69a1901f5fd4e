// What may come next at a place in a filter expression: the link between the parser, its error messages and completion.
import type { TermInfo } from './fields.ts';

export type Expectation =
  /** A condition: a field, a function, NOT or an opening parenthesis. */
  | { readonly type: 'condition' }
  | { readonly type: 'operator'; readonly field: TermInfo }
  /** A value of the field, or (unless in a list) a field it can be compared with. */
  | { readonly type: 'value'; readonly field: TermInfo; readonly isInList: boolean }
  /** After IS. */
  | { readonly type: 'state'; readonly field: TermInfo; readonly isNegated: boolean }
  | { readonly type: 'run' }
  /** The name of a column of the imported table. */
  | { readonly type: 'column' }
  /** First argument of p: a label, `given`, or a run. */
  | { readonly type: 'labelOrRun' }
  | { readonly type: 'label' }
  /** AND, OR, or a closing parenthesis. */
  | { readonly type: 'joiner'; readonly isInParentheses: boolean }
  /** Exactly one of these words or signs. */
  | { readonly type: 'words'; readonly words: readonly string[] };
