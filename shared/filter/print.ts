// The canonical text of a filter expression: parsing it gives the same expression again.
import { type FilterCondition, type FilterExpression, isTerm, type Literal, type Term } from './ast.ts';
import { isReserved } from './fields.ts';
import { isBareWord, quote } from './tokens.ts';

/** A value as the language writes it: bare where it can be, else in quotes. */
export function printText(text: string): string {
  return isBareWord(text) && !isReserved(text) ? text : quote(text);
}

export function printLiteral(value: Literal): string {
  if (value.type === 'boolean') return String(value.boolean);
  return value.type === 'number' ? printText(String(value.number)) : printText(value.text);
}

export function printTerm(term: Term): string {
  if (term.type === 'field') return term.run === null ? term.field : `${term.field}(${quote(term.run)})`;
  if (term.type === 'column') return `column(${quote(term.name)})`;
  const label = term.label === null ? 'label' : printText(term.label);
  if (term.run !== null) return `p(${quote(term.run)}, ${label})`;
  return term.label === null ? 'p(given)' : `p(${label})`;
}

/** @param expression null = every clip, printed as the empty text. */
export function printFilter(expression: FilterExpression | null): string {
  return expression === null ? '' : print(expression);
}

function print(expression: FilterExpression): string {
  switch (expression.type) {
    case 'or':
      return expression.parts.map((part) => inParentheses(part, part.type === 'or')).join(' OR ');
    case 'and':
      return expression.parts
        .map((part) => inParentheses(part, part.type === 'or' || part.type === 'and'))
        .join(' AND ');
    case 'not':
      return `NOT ${inParentheses(expression.part, expression.part.type === 'or' || expression.part.type === 'and')}`;
    default:
      return printCondition(expression);
  }
}

function inParentheses(part: FilterExpression, needed: boolean): string {
  return needed ? `(${print(part)})` : print(part);
}

function printCondition(condition: FilterCondition): string {
  const term = printTerm(condition.term);
  switch (condition.type) {
    case 'compare': {
      const { value } = condition;
      // `predicted` alone on the right would be printed like the field it is; only literals are quoted.
      const right = isTerm(value) ? printTerm(value) : printLiteral(value);
      return `${term} ${condition.operator} ${right}`;
    }
    case 'contains':
      return `${term} ${condition.negated ? '!~' : '~'} ${quote(condition.text)}`;
    case 'in':
      return `${term} ${condition.negated ? 'not in' : 'in'} (${condition.values.map(printLiteral).join(', ')})`;
    case 'empty':
      return `${term} ${condition.negated ? 'is not empty' : 'is empty'}`;
    case 'changed':
      return `${term} ${condition.negated ? 'is not changed' : 'is changed'}`;
  }
}
