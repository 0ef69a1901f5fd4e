// The filter as chips: the parts of a top-level AND. Every edit takes a text and gives a text, so that clicks, chips
// and typing all work on the one expression. Parts that are not touched keep their wording.
import type { ColumnTerm, Comparison, FilterExpression, Literal, Term } from './ast.ts';
import { isTerm, withoutSpans } from './ast.ts';
import type { FieldName } from './fields.ts';
import { literalOf, parseFilter } from './parse.ts';
import { printFilter, printLiteral, printTerm } from './print.ts';
import { probabilityInfo, termInfo } from './term-info.ts';

export interface Chip {
  /** As written, with its parentheses. */
  readonly text: string;
  /** Where it stands in the text, UTF-16 units. */
  readonly position: number;
  readonly length: number;
  readonly expression: FilterExpression;
}

export type ConditionValue = string | number | boolean | null;

const nowhere = { position: 0, length: 0 };

/**
 * The parts of the top-level AND; an OR is one chip; an empty text has none.
 * @throws FilterError
 */
export function chipsOf(text: string): Chip[] {
  const expression = parseFilter(text);
  if (expression === null) return [];
  const parts = expression.type === 'and' ? expression.parts : [expression];
  return parts.map((part) => ({
    text: text.slice(part.span.position, part.span.position + part.span.length),
    position: part.span.position,
    length: part.span.length,
    expression: part,
  }));
}

/** The text of chips joined by AND; a part that is an OR gets parentheses when it is not alone. */
function joinChips(texts: readonly string[]): string {
  const written = texts.map((text) => text.trim()).filter((text) => text !== '');
  if (written.length < 2) return written[0] ?? '';
  return written.map(inAnd).join(' AND ');
}

function inAnd(text: string): string {
  const expression = parseFilter(text);
  const isWrapped =
    expression !== null && expression.span.position === 0 && isInParentheses(text, expression);
  return expression?.type === 'or' && !isWrapped ? `(${text})` : text;
}

/** An expression's span holds its parentheses; its first part's span does not. */
function isInParentheses(text: string, expression: FilterExpression): boolean {
  if (expression.type !== 'or' && expression.type !== 'and') return false;
  return (
    text.charAt(expression.span.position) === '(' &&
    expression.parts[0]?.span.position !== expression.span.position
  );
}

/** @throws FilterError; the text is given back when there is no such chip */
export function removeChip(text: string, index: number): string {
  return joinChips(chipsOf(text).flatMap((chip, i) => (i === index ? [] : [chip.text])));
}

/** @throws FilterError when the text or the new part is wrong; an empty new part removes the chip */
export function replaceChip(text: string, index: number, condition: string): string {
  return joinChips(chipsOf(text).map((chip, i) => (i === index ? condition : chip.text)));
}

/** Turns a chip into its opposite: `label = a` <-> `label != a`. @throws FilterError */
export function negateChip(text: string, index: number): string {
  return joinChips(
    chipsOf(text).map((chip, i) => (i === index ? printFilter(opposite(chip.expression)) : chip.text)),
  );
}

function opposite(expression: FilterExpression): FilterExpression {
  switch (expression.type) {
    case 'not':
      return expression.part;
    case 'contains':
    case 'in':
    case 'empty':
    case 'changed':
      return { ...expression, negated: !expression.negated };
    case 'compare': {
      const { operator, value } = expression;
      const isLiteral = !isTerm(value);
      // Only equality with a value is the exact opposite; the others differ where a value is missing.
      if (isLiteral && operator === '=') return { ...expression, operator: '!=' };
      if (isLiteral && operator === '!=') return { ...expression, operator: '=' };
      return { type: 'not', part: expression, span: nowhere };
    }
    default:
      return { type: 'not', part: expression, span: nowhere };
  }
}

/** The text with a further condition; parts of it that are there already are not repeated. @throws FilterError */
export function addCondition(text: string, condition: string): string {
  const present = chipsOf(text).map((chip) => chip.text);
  const added = chipsOf(condition).map((chip) => chip.text);
  return joinChips([...present, ...added.filter((part) => !hasCondition(text, part))]);
}

/** Whether the filter has chips that mean the same as every part of the condition. @throws FilterError */
export function hasCondition(text: string, condition: string): boolean {
  const present = new Set(chipsOf(text).map((chip) => meaning(chip.text)));
  return chipsOf(condition).every((part) => present.has(meaning(part.text)));
}

/** Adds the condition, or removes all its parts when they are there. @throws FilterError */
export function toggleCondition(text: string, condition: string): string {
  if (!hasCondition(text, condition)) return addCondition(text, condition);
  const unwanted = new Set(chipsOf(condition).map((part) => meaning(part.text)));
  return joinChips(chipsOf(text).flatMap((chip) => (unwanted.has(meaning(chip.text)) ? [] : [chip.text])));
}

function meaning(text: string): string {
  return JSON.stringify(withoutSpans(parseFilter(text)));
}

/** Removes every chip that is one condition on the field (of that run). @throws FilterError */
export function withoutField(text: string, field: FieldName | Term, run: string | null = null): string {
  const term = asTerm(field, run);
  return joinChips(chipsOf(text).flatMap((chip) => (isAbout(chip.expression, term) ? [] : [chip.text])));
}

/** Replaces all conditions on the field by one, as a brush on a histogram does. @throws FilterError */
export function replaceField(text: string, field: FieldName | Term, condition: string): string {
  return joinChips([withoutField(text, field), condition]);
}

/**
 * A click on a value of a facet: adds it to the field's `=` or `in` chip, or takes it out again. Null stands for "no
 * value" and replaces the field's chips. @throws FilterError
 */
export function toggleValue(
  text: string,
  field: FieldName | Term,
  value: ConditionValue,
  run: string | null = null,
): string {
  const condition = conditionFor(field, value, run);
  const term = asTerm(field, run);
  if (hasCondition(text, condition)) return toggleCondition(text, condition);
  const literal = literalFor(term, value);
  const chips = chipsOf(text);
  const index = chips.findIndex((chip) => valuesOfChip(chip.expression, term) !== null);
  const chip = chips[index];
  if (literal === null || chip === undefined) {
    const rest = chips.filter(({ expression }) => literal !== null || !isAbout(expression, term));
    const others = rest.filter(
      ({ expression }) => !(expression.type === 'empty' && isAbout(expression, term)),
    );
    return joinChips([...others.map((other) => other.text), condition]);
  }
  const present = valuesOfChip(chip.expression, term) ?? [];
  const wanted = printLiteral(literal);
  const without = present.filter((entry) => printLiteral(entry) !== wanted);
  const next = without.length < present.length ? without : [...present, literal];
  return replaceChip(text, index, anyOf(term, next));
}

/** The values of the field that the filter's `=` or `in` chip names; for marking a facet's rows. @throws FilterError */
export function chosenValues(
  text: string,
  field: FieldName | Term,
  run: string | null = null,
): ConditionValue[] {
  const term = asTerm(field, run);
  return chipsOf(text).flatMap(({ expression }): ConditionValue[] => {
    if (expression.type === 'empty' && !expression.negated && isAbout(expression, term)) return [null];
    return (valuesOfChip(expression, term) ?? []).map((literal) => {
      if (literal.type === 'text') return literal.text;
      return literal.type === 'number' ? literal.number : literal.boolean;
    });
  });
}

function anyOf(term: Term, values: readonly Literal[]): string {
  if (values.length === 0) return '';
  const [only] = values;
  if (values.length === 1 && only !== undefined) return `${printTerm(term)} = ${printLiteral(only)}`;
  return `${printTerm(term)} in (${values.map(printLiteral).join(', ')})`;
}

function valuesOfChip(expression: FilterExpression, term: Term): readonly Literal[] | null {
  if (!isAbout(expression, term)) return null;
  if (expression.type === 'in' && !expression.negated) return expression.values;
  if (expression.type !== 'compare' || expression.operator !== '=') return null;
  const { value } = expression;
  return isTerm(value) ? null : [value];
}

function isAbout(expression: FilterExpression, term: Term): boolean {
  if (expression.type === 'and' || expression.type === 'or' || expression.type === 'not') return false;
  return printTerm(expression.term) === printTerm(term);
}

/** The term of a column of an imported table. */
export function columnTerm(name: string): ColumnTerm {
  return { type: 'column', name, span: nowhere };
}

function asTerm(field: FieldName | Term, run: string | null): Term {
  return typeof field === 'string' ? { type: 'field', field, run, span: nowhere } : field;
}

function literalFor(term: Term, value: ConditionValue): Literal | null {
  if (value === null) return null;
  if (typeof value === 'boolean') return { type: 'boolean', boolean: value };
  if (typeof value === 'number') return { type: 'number', number: value };
  return literalOf(termInfo(term), value) ?? { type: 'text', text: value };
}

/** `field = value` with quotes where needed; `field is empty` for null. */
export function conditionFor(
  field: FieldName | Term,
  value: ConditionValue,
  run: string | null = null,
): string {
  const term = asTerm(field, run);
  const literal = literalFor(term, value);
  const left = printTerm(term);
  return literal === null ? `${left} is empty` : `${left} = ${printLiteral(literal)}`;
}

/** `field >= from AND field < to`; the upper edge belongs to it when `includesTo`. */
export function rangeCondition(
  term: Term,
  from: number | null,
  to: number | null,
  includesTo = false,
): string {
  const info = termInfo(term);
  if (info.type !== 'number' && info !== probabilityInfo) throw new Error(`${info.name} has no ranges`);
  const part = (operator: Comparison, number: number) =>
    `${printTerm(term)} ${operator} ${printLiteral({ type: 'number', number })}`;
  return [
    ...(from === null ? [] : [part('>=', from)]),
    ...(to === null ? [] : [part(includesTo ? '<=' : '<', to)]),
  ].join(' AND ');
}

/** The clips of one confusion cell: given one label, predicted another by a run. Null = any. */
export function confusionCondition(run: string, given: string | null, predicted: string | null): string {
  return [
    ...(given === null ? [] : [conditionFor('label', given)]),
    ...(predicted === null ? [] : [conditionFor('predicted', predicted, run)]),
  ].join(' AND ');
}
