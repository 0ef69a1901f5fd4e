// The expression language of the filter bar: text to tree and back, chips, completion, and the catalogue of fields.
export type {
  ColumnTerm,
  Comparison,
  FieldTerm,
  FilterCondition,
  FilterExpression,
  Literal,
  ProbabilityTerm,
  Span,
  Term,
} from './ast.ts';
export { isTerm } from './ast.ts';
export {
  addCondition,
  type Chip,
  type ConditionValue,
  chipsOf,
  chosenValues,
  columnTerm,
  conditionFor,
  confusionCondition,
  negateChip,
  rangeCondition,
  removeChip,
  replaceChip,
  replaceField,
  toggleValue,
  withoutField,
} from './chips.ts';
export { type Completion, complete, type Suggestion, type Vocabulary } from './complete.ts';
export type { FieldInfo, FieldName, FieldType, RunFieldName, TermInfo } from './fields.ts';
export { fieldInfo, findField } from './fields.ts';
export { FilterError } from './filter-error.ts';
export { foldText } from './fold.ts';
export { parseFilter, parseTerm } from './parse.ts';
export { printTerm } from './print.ts';
export { termInfo } from './term-info.ts';
export { splitTerms } from './tokens.ts';
