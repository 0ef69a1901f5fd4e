// Evaluates a filter expression over the working set: one bit set per condition, each from one tight loop over a
// column, joined by AND, OR and NOT of whole words.
//
// A condition is true or false for every clip. No value: `=`, `in`, `~`, `<` ... are false, and `!=`, `not in`, `!~`
// are their exact opposites and so true (`speaker != anna` keeps clips whose speaker is not known). One exception: two
// fields compared with each other (`label != predicted()`) are only compared where both have a value, so that a clip
// without a prediction is no error of the model.

import { flagKinds } from '../../../shared/domain/flag.ts';
import { assertNever } from '../../../shared/errors.ts';
import {
  type Comparison,
  type FilterCondition,
  FilterError,
  type FilterExpression,
  foldText,
  isTerm,
  type Literal,
  type Term,
} from '../../../shared/filter/index.ts';
import { BitSet } from './bit-set.ts';
import type { CodeColumn } from './columns.ts';
import { type Dictionary, NO_VALUE } from './dictionary.ts';
import { columnOf, type TermColumn } from './terms.ts';
import type { WorkingSet } from './working-set.ts';

/**
 * The rows that match; null = every row.
 * @throws FilterError for unknown runs and runs without probabilities; an unknown value matches nothing.
 */
export function compileFilter(expression: FilterExpression | null, set: WorkingSet): BitSet {
  if (expression === null) return BitSet.full(set.size);
  switch (expression.type) {
    case 'and':
      return expression.parts.map((part) => compileFilter(part, set)).reduce((all, part) => all.and(part));
    case 'or':
      return expression.parts.map((part) => compileFilter(part, set)).reduce((all, part) => all.or(part));
    case 'not':
      return compileFilter(expression.part, set).not();
    default:
      return matchCondition(expression, set);
  }
}

function matchCondition(condition: FilterCondition, set: WorkingSet): BitSet {
  const left = columnOf(set, condition.term);
  switch (condition.type) {
    case 'compare': {
      const { value, operator } = condition;
      if (isTerm(value)) {
        return compareColumns(left, columnOf(set, value), operator, set.size);
      }
      if (operator === '=' || operator === '!=') {
        const equal = equalsAny(left, [value], set.size);
        return operator === '=' ? equal : equal.not();
      }
      return compareNumber(left, operator, value, set.size);
    }
    case 'in': {
      const any = equalsAny(left, condition.values, set.size);
      return condition.negated ? any.not() : any;
    }
    case 'contains': {
      const found = contains(left, foldText(condition.text), set);
      return condition.negated ? found.not() : found;
    }
    case 'empty': {
      const empty = isEmpty(left, set.size);
      return condition.negated ? empty.not() : empty;
    }
    case 'changed': {
      const changed = isChanged(condition.term, set);
      return condition.negated ? changed.not() : changed;
    }
    default:
      return assertNever(condition);
  }
}

/** Rows whose code is marked in `wanted` (by code + 1; index 0 = null). */
function byCode(codes: Int32Array, wanted: Uint8Array): BitSet {
  const set = new BitSet(codes.length);
  const { words } = set;
  for (let w = 0, row = 0; w < words.length; w++) {
    const end = Math.min(row + 32, codes.length);
    let word = 0;
    for (let bit = 0; row < end; row++, bit++) word |= wanted[codes[row]! + 1]! << bit;
    words[w] = word;
  }
  return set;
}

function byNumber(values: Float64Array | Int32Array, test: (value: number) => boolean): BitSet {
  const set = new BitSet(values.length);
  const { words } = set;
  for (let w = 0, row = 0; w < words.length; w++) {
    const end = Math.min(row + 32, values.length);
    let word = 0;
    for (let bit = 0; row < end; row++, bit++) if (test(values[row]!)) word |= 1 << bit;
    words[w] = word;
  }
  return set;
}

function equalsAny(left: TermColumn, literals: readonly Literal[], size: number): BitSet {
  const { column } = left;
  switch (column.type) {
    case 'codes': {
      const wanted = new Uint8Array(column.dictionary.size + 1);
      for (const text of texts(literals))
        for (const code of column.dictionary.codesOf(text)) wanted[code + 1] = 1;
      return byCode(column.codes, wanted);
    }
    case 'ids': {
      const wanted = new Set(numbers(literals));
      return byNumber(column.values, (value) => wanted.has(value));
    }
    case 'numbers': {
      const wanted = numbers(literals).map((number) => (left.isSingle ? Math.fround(number) : number));
      const only = wanted[0];
      if (wanted.length === 1 && only !== undefined)
        return byNumber(column.values, (value) => value === only);
      const several = new Set(wanted);
      return byNumber(column.values, (value) => several.has(value));
    }
    case 'booleans': {
      const wanted = new Uint8Array(3);
      for (const literal of literals) if (literal.type === 'boolean') wanted[literal.boolean ? 2 : 1] = 1;
      return byCode(Int32Array.from(column.values), wanted);
    }
    case 'texts': {
      const wanted = new Set(texts(literals).map((text) => text.normalize('NFC')));
      const set = new BitSet(size);
      for (let row = 0; row < size; row++) if (wanted.has(column.texts[row]!.normalize('NFC'))) set.add(row);
      return set;
    }
    case 'flags': {
      let mask = 0;
      for (const text of texts(literals)) {
        const bit = (flagKinds as readonly string[]).indexOf(text);
        if (bit >= 0) mask |= 1 << bit;
      }
      const set = new BitSet(size);
      for (let row = 0; row < size; row++) if ((column.masks[row]! & mask) !== 0) set.add(row);
      return set;
    }
    default:
      return assertNever(column);
  }
}

function compareNumber(left: TermColumn, operator: Comparison, literal: Literal, size: number): BitSet {
  const { column } = left;
  if (literal.type === 'number' && column.type === 'codes') {
    const test = comparisonOf(operator);
    const wanted = new Uint8Array(column.dictionary.size + 1);
    column.dictionary.values.forEach((text, code) => {
      // What does not read as a number is neither more nor less than one.
      if (text.trim() !== '' && test(Number(text), literal.number)) wanted[code + 1] = 1;
    });
    return byCode(column.codes, wanted);
  }
  if (literal.type !== 'number' || (column.type !== 'numbers' && column.type !== 'ids'))
    return new BitSet(size);
  const limit = left.isSingle ? Math.fround(literal.number) : literal.number;
  switch (operator) {
    case '<':
      return byNumber(column.values, (value) => value < limit);
    case '<=':
      return byNumber(column.values, (value) => value <= limit);
    case '>':
      return byNumber(column.values, (value) => value > limit);
    case '>=':
      return byNumber(column.values, (value) => value >= limit);
    case '=':
      return byNumber(column.values, (value) => value === limit);
    case '!=':
      return byNumber(column.values, (value) => value !== limit);
    default:
      return assertNever(operator);
  }
}

function compareColumns(left: TermColumn, right: TermColumn, operator: Comparison, size: number): BitSet {
  const a = left.column;
  const b = right.column;
  const set = new BitSet(size);
  if (a.type === 'codes' && b.type === 'codes') {
    const isSame = operator === '=';
    const inA = a.dictionary === b.dictionary ? null : codesIn(a.dictionary, b.dictionary);
    for (let row = 0; row < size; row++) {
      const code = a.codes[row]!;
      const other = b.codes[row]!;
      if (code >= 0 && other >= 0 && (code === (inA === null ? other : inA[other])) === isSame) set.add(row);
    }
    return set;
  }
  if ((a.type !== 'numbers' && a.type !== 'ids') || (b.type !== 'numbers' && b.type !== 'ids')) return set;
  const test = comparisonOf(operator);
  for (let row = 0; row < size; row++) {
    const value = a.values[row]!;
    const other = b.values[row]!;
    if (!Number.isNaN(value) && !Number.isNaN(other) && test(value, other)) set.add(row);
  }
  return set;
}

/** By code of `from`: the code of the same text in `to`; -1 where it does not occur. */
function codesIn(to: Dictionary, from: Dictionary): Int32Array {
  return Int32Array.from(from.values, (value) => to.codesOf(value)[0] ?? NO_VALUE);
}

function comparisonOf(operator: Comparison): (a: number, b: number) => boolean {
  switch (operator) {
    case '=':
      return (a, b) => a === b;
    case '!=':
      return (a, b) => a !== b;
    case '<':
      return (a, b) => a < b;
    case '<=':
      return (a, b) => a <= b;
    case '>':
      return (a, b) => a > b;
    case '>=':
      return (a, b) => a >= b;
    default:
      return assertNever(operator);
  }
}

function contains(left: TermColumn, needle: string, set: WorkingSet): BitSet {
  const { column } = left;
  if (column.type === 'codes') {
    const folded = column.dictionary.folded();
    const wanted = new Uint8Array(folded.length + 1);
    for (let code = 0; code < folded.length; code++) if (folded[code]!.includes(needle)) wanted[code + 1] = 1;
    return byCode(column.codes, wanted);
  }
  const bits = new BitSet(set.size);
  if (column.type !== 'texts') return bits;
  const folded = foldedTexts(column.texts);
  for (let row = 0; row < folded.length; row++) if (folded[row]!.includes(needle)) bits.add(row);
  return bits;
}

const foldedCache = new WeakMap<readonly string[], readonly string[]>();

function foldedTexts(texts: readonly string[]): readonly string[] {
  let folded = foldedCache.get(texts);
  if (folded === undefined) {
    folded = texts.map(foldText);
    foldedCache.set(texts, folded);
  }
  return folded;
}

function isEmpty(left: TermColumn, size: number): BitSet {
  const { column } = left;
  switch (column.type) {
    case 'codes': {
      // The empty text reads as nothing to a person.
      const wanted = new Uint8Array(column.dictionary.size + 1);
      wanted[0] = 1;
      const blank = column.dictionary.codeOf('');
      if (blank >= 0) wanted[blank + 1] = 1;
      return byCode(column.codes, wanted);
    }
    case 'numbers':
      return byNumber(column.values, (value) => !Number.isFinite(value));
    case 'booleans':
      return byCode(Int32Array.from(column.values), Uint8Array.of(1, 0, 0));
    case 'texts': {
      const set = new BitSet(size);
      column.texts.forEach((text, row) => {
        if (text === '') set.add(row);
      });
      return set;
    }
    case 'flags': {
      const set = new BitSet(size);
      for (let row = 0; row < size; row++) if (column.masks[row] === 0) set.add(row);
      return set;
    }
    case 'ids':
      return new BitSet(size);
    default:
      return assertNever(column);
  }
}

function isChanged(term: Term, set: WorkingSet): BitSet {
  const pair: readonly [CodeColumn, CodeColumn] | null =
    term.type === 'field' && term.field === 'label'
      ? [set.codes.label, set.codes.originalLabel]
      : term.type === 'field' && term.field === 'transcript'
        ? [set.codes.transcript, set.codes.originalTranscript]
        : null;
  if (pair === null)
    throw new FilterError('Only label and transcript keep what was imported.', term.span, [
      'label',
      'transcript',
    ]);
  const [now, original] = pair;
  const bits = new BitSet(set.size);
  for (let row = 0; row < set.size; row++) if (now.codes[row] !== original.codes[row]) bits.add(row);
  return bits;
}

function texts(literals: readonly Literal[]): string[] {
  return literals.flatMap((literal) => (literal.type === 'text' ? [literal.text] : []));
}

function numbers(literals: readonly Literal[]): number[] {
  return literals.flatMap((literal) => (literal.type === 'number' ? [literal.number] : []));
}
