// The filter expression as plain data. Spans say where a part stood in the text it was parsed from; two expressions
// mean the same when they are equal without their spans (see `withoutSpans`).
import type { FieldName, RunFieldName } from './fields.ts';

/** UTF-16 units in the text; parentheses around a part belong to its span. */
export interface Span {
  readonly position: number;
  readonly length: number;
}

export const comparisons = ['=', '!=', '<', '<=', '>', '>='] as const;
export type Comparison = (typeof comparisons)[number];

/** Something each clip has a value of. */
export type Term = FieldTerm | ProbabilityTerm | ColumnTerm;

/** A field. `run` null on a field of a run = the run in use; always null on a field of the clip itself. */
export interface FieldTerm {
  readonly type: 'field';
  readonly field: FieldName;
  readonly run: string | null;
  readonly span: Span;
}

/** The probability a run gives a label; `label` null = the clip's current label (`p(given)`). */
export interface ProbabilityTerm {
  readonly type: 'probability';
  readonly run: string | null;
  readonly label: string | null;
  readonly span: Span;
}

/** A column of an imported table that is no field of its own, by its name there. */
export interface ColumnTerm {
  readonly type: 'column';
  readonly name: string;
  readonly span: Span;
}

export type Literal =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'number'; readonly number: number }
  | { readonly type: 'boolean'; readonly boolean: boolean };

export type FilterCondition =
  | {
      readonly type: 'compare';
      readonly term: Term;
      readonly operator: Comparison;
      readonly value: Literal | Term;
      readonly span: Span;
    }
  /** `~`: contains, without regard to case and diacritics. */
  | {
      readonly type: 'contains';
      readonly term: Term;
      readonly text: string;
      readonly negated: boolean;
      readonly span: Span;
    }
  | {
      readonly type: 'in';
      readonly term: Term;
      readonly values: readonly Literal[];
      readonly negated: boolean;
      readonly span: Span;
    }
  | { readonly type: 'empty'; readonly term: Term; readonly negated: boolean; readonly span: Span }
  /** The current value is not the imported one. */
  | { readonly type: 'changed'; readonly term: Term; readonly negated: boolean; readonly span: Span };

/** `parts` has two or more members. */
export type FilterExpression =
  | { readonly type: 'and'; readonly parts: readonly FilterExpression[]; readonly span: Span }
  | { readonly type: 'or'; readonly parts: readonly FilterExpression[]; readonly span: Span }
  | { readonly type: 'not'; readonly part: FilterExpression; readonly span: Span }
  | FilterCondition;

export type { FieldName, RunFieldName };

/** Whether a condition's right side is a term again, and no value. */
export function isTerm(value: Literal | Term): value is Term {
  return value.type === 'field' || value.type === 'probability' || value.type === 'column';
}

/** The same tree with every span removed, for comparing what two expressions mean. */
export function withoutSpans(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSpans);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'span')
      .map(([key, part]) => [key, withoutSpans(part)]),
  );
}
