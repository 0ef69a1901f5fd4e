// The expression language of the filter bar: text to tree and back, chips, completion, and the catalogue of fields.
export type {
  Comparison,
  FieldTerm,
  FilterCondition,
  FilterExpression,
  Literal,
  ProbabilityTerm,
  Span,
  Term,
} from './ast.ts';
export {
  addCondition,
  type Chip,
  type ConditionValue,
  chipsOf,
  chosenValues,
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
export type { FieldInfo, FieldName, FieldType, RunFieldName } from './fields.ts';
export { fieldInfo, findField } from './fields.ts';
export { FilterError } from './filter-error.ts';
export { foldText } from './fold.ts';
export { parseFilter, parseTerm } from './parse.ts';
