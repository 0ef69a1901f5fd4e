// What can be written at a place in a filter expression. It asks the parser what it would accept after the text before
// the word at the cursor, so that completion and grammar cannot drift apart.
import type { Expectation } from './expectation.ts';
import { fieldInfo, fields, filterFunctions, type TermInfo } from './fields.ts';
import { FilterError } from './filter-error.ts';
import { foldText } from './fold.ts';
import { operatorsOf, parseFilter } from './parse.ts';
import { printText } from './print.ts';
import { quote, tokenize } from './tokens.ts';

export interface Vocabulary {
  readonly runs: readonly string[];
  /** Columns of imported tables that are no field. */
  readonly columns: readonly string[];
  /** Values of a field with the number of clips, most frequent first. */
  readonly values: (field: TermInfo) => readonly { readonly value: string; readonly count: number }[];
}

export interface Suggestion {
  readonly text: string;
  readonly kind: 'field' | 'operator' | 'value' | 'keyword' | 'function';
  readonly detail: string | null;
}

export interface Completion {
  /** The span of the text that a suggestion replaces, UTF-16 units. */
  from: number;
  to: number;
  suggestions: { text: string; kind: Suggestion['kind']; detail: string | null }[];
}

const MOST = 50;

/** Suggestions at the cursor, best first, at most 50; none where the text before the cursor cannot be continued. */
export function complete(text: string, cursor: number, vocabulary: Vocabulary): Completion {
  const at = Math.max(0, Math.min(cursor, text.length));
  const { from, to, typed } = wordAt(text, at);
  const all = candidates(text.slice(0, from), vocabulary);
  const wanted = foldText(typed);
  const starting: Suggestion[] = [];
  const containing: Suggestion[] = [];
  for (const candidate of all) {
    const folded = foldText(unquoted(candidate.text));
    if (folded.startsWith(wanted)) starting.push(candidate);
    else if (folded.includes(wanted)) containing.push(candidate);
  }
  return { from, to, suggestions: [...starting, ...containing].slice(0, MOST) };
}

/** The word, string or sign that the cursor is in or at the end of. */
function wordAt(text: string, cursor: number): { from: number; to: number; typed: string } {
  const none = { from: cursor, to: cursor, typed: '' };
  let tokens: ReturnType<typeof tokenize>;
  try {
    tokens = tokenize(text.slice(0, cursor));
  } catch (error) {
    // The cursor is inside a string that is not closed before it.
    if (!(error instanceof FilterError)) throw error;
    const opening = text.charAt(error.position);
    if (opening === '!' && error.position === cursor - 1) return { from: cursor - 1, to: cursor, typed: '!' };
    if (!/["'“]/.test(opening)) return none;
    const typed = text.slice(error.position + 1, cursor);
    return { from: error.position, to: endOfString(text, error.position, cursor), typed };
  }
  const last = tokens[tokens.length - 2];
  if (last === undefined || last.position + last.length < cursor) return none;
  if (last.type === 'string') return none;
  if (last.type === 'sign') {
    return '(),'.includes(last.text) ? none : { from: last.position, to: cursor, typed: last.text };
  }
  // A word goes on after the cursor as far as its letters do.
  const rest = /^[\p{L}\p{M}\p{N}_./-]*/u.exec(text.slice(cursor));
  return {
    from: last.position,
    to: cursor + (rest?.[0].length ?? 0),
    typed: text.slice(last.position, cursor),
  };
}

function endOfString(text: string, start: number, cursor: number): number {
  const close = text.charAt(start) === '“' ? '”' : text.charAt(start);
  for (let at = cursor; at < text.length; at++) {
    if (text.charAt(at) === '\\') at++;
    else if (text.charAt(at) === close) return at + 1;
  }
  return cursor;
}

function unquoted(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1) : text;
}

function candidates(before: string, vocabulary: Vocabulary): Suggestion[] {
  const expectation = expectationAfter(before);
  return expectation === null ? [] : suggestionsFor(expectation, vocabulary);
}

/** What the parser waits for at the end of a text; null when the text is wrong before its end. */
function expectationAfter(text: string): Expectation | null {
  if (text.trim() === '') return { type: 'condition' };
  try {
    parseFilter(text);
    return { type: 'joiner', isInParentheses: false };
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    return error.position >= text.trimEnd().length ? error.expectation : null;
  }
}

function suggestionsFor(expectation: Expectation, vocabulary: Vocabulary): Suggestion[] {
  const runs = (): Suggestion[] =>
    vocabulary.runs.map((run) => ({ text: quote(run), kind: 'value', detail: 'run' }));
  const values = (field: TermInfo): Suggestion[] =>
    valuesOf(field, vocabulary).map(({ value, count }) => ({
      text: printText(value),
      kind: 'value',
      detail: count === null ? null : `${count} ${count === 1 ? 'clip' : 'clips'}`,
    }));
  switch (expectation.type) {
    case 'condition':
      return [
        ...fields.map((info): Suggestion => ({ text: info.name, kind: 'field', detail: fieldDetail(info) })),
        ...vocabulary.columns.map(
          (name): Suggestion => ({ text: `column(${quote(name)})`, kind: 'field', detail: 'as imported' }),
        ),
        ...filterFunctions
          .filter(({ name }) => name !== 'given' && (name !== 'column' || vocabulary.columns.length > 0))
          .map(
            ({ name, description }): Suggestion => ({
              text: `${name}(`,
              kind: 'function',
              detail: description,
            }),
          ),
        keyword('NOT'),
        keyword('('),
      ];
    case 'operator':
      return operatorsOf(expectation.field).flatMap((operator): Suggestion[] =>
        operator === 'is'
          ? stateWords(expectation.field).map((words) => ({
              text: `is ${words}`,
              kind: 'operator',
              detail: null,
            }))
          : [{ text: operator, kind: 'operator', detail: operatorTitles[operator] ?? null }],
      );
    case 'value': {
      const { field, isInList } = expectation;
      if (field.type === 'boolean') return ['true', 'false'].map((word) => keyword(word));
      const comparable = isInList || field.group !== 'label' ? [] : comparableLabels(vocabulary);
      return [...values(field), ...comparable];
    }
    case 'state':
      return stateWords(expectation.field)
        .filter((words) => !expectation.isNegated || !words.startsWith('not '))
        .map((words) => keyword(words));
    case 'run':
      return runs();
    case 'column':
      return vocabulary.columns.map((name) => ({ text: quote(name), kind: 'value', detail: 'column' }));
    case 'labelOrRun':
      return [
        { text: 'given', kind: 'value', detail: "the clip's label" },
        ...values(fieldInfo('label')),
        ...runs(),
      ];
    case 'label':
      return [{ text: 'given', kind: 'value', detail: "the clip's label" }, ...values(fieldInfo('label'))];
    case 'joiner':
      return ['AND', 'OR', ...(expectation.isInParentheses ? [')'] : [])].map((word) => keyword(word));
    case 'words':
      return expectation.words.filter((word) => word !== 'the end').map((word) => keyword(word));
  }
}

function keyword(text: string): Suggestion {
  return { text, kind: 'keyword', detail: null };
}

function fieldDetail(info: TermInfo): string {
  return info.unit === null ? info.title : `${info.title}, ${info.unit}`;
}

const operatorTitles: Readonly<Record<string, string>> = {
  '=': 'is',
  '!=': 'is not',
  '~': 'contains',
  '!~': 'does not contain',
  in: 'is one of',
  'not in': 'is none of',
};

function stateWords(info: TermInfo): string[] {
  const words = info.hasOriginal ? ['empty', 'changed'] : ['empty'];
  return words.flatMap((word) => [word, `not ${word}`]);
}

function valuesOf(field: TermInfo, vocabulary: Vocabulary): { value: string; count: number | null }[] {
  const known: { value: string; count: number | null }[] = [...vocabulary.values(field)];
  const missing = (field.values ?? []).filter((value) => !known.some((entry) => entry.value === value));
  return [...known, ...missing.map((value) => ({ value, count: null }))];
}

function comparableLabels(vocabulary: Vocabulary): Suggestion[] {
  const predicted = vocabulary.runs.map(
    (run): Suggestion => ({
      text: `predicted(${quote(run)})`,
      kind: 'function',
      detail: 'what the run predicts',
    }),
  );
  return [...predicted, { text: 'originalLabel', kind: 'field', detail: fieldInfo('originalLabel').title }];
}
