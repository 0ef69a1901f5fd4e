import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FilterExpression, Literal, Term } from './ast.ts';
import { withoutSpans } from './ast.ts';
import { type FieldInfo, fieldNames, fields } from './fields.ts';
import { FilterError } from './filter-error.ts';
import { operatorsOf, parseFilter, parseTerm } from './parse.ts';
import { printFilter } from './print.ts';
import { splitTerms } from './tokens.ts';

const span = { position: 0, length: 0 };

function errorOf(text: string): FilterError {
  try {
    parseFilter(text);
  } catch (error) {
    if (error instanceof FilterError) return error;
    throw error;
  }
  throw new Error(`${text} was accepted`);
}

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string(),
  fc.constantFrom(
    'yes',
    '0',
    '1e21',
    'and',
    'IN',
    'label',
    "don't",
    'نعم',
    '🙂',
    'a b',
    '"',
    '\\',
    '\n',
    '',
    'été',
    '-x',
  ),
);

function termFor(info: FieldInfo): fc.Arbitrary<Term> {
  const run = info.isOfRun ? fc.option(anyText, { nil: null }) : fc.constant(null);
  return run.map((name) => ({ type: 'field', field: info.name, run: name, span }));
}

const label: Term = { type: 'field', field: 'label', run: null, span };

const probability: fc.Arbitrary<Term> = fc.record({
  type: fc.constant('probability' as const),
  run: fc.option(anyText, { nil: null }),
  label: fc.option(anyText, { nil: null }),
  span: fc.constant(span),
});

function literalFor(info: FieldInfo): fc.Arbitrary<Literal> {
  if (info.type === 'number' || info.type === 'id') {
    const number = fc
      .double({ noNaN: true, noDefaultInfinity: true })
      .map((value) => (value === 0 ? 0 : value));
    return number.map((value) => ({ type: 'number', number: value }));
  }
  if (info.type === 'boolean') return fc.boolean().map((value) => ({ type: 'boolean', boolean: value }));
  const text = info.values === null ? anyText : fc.constantFrom(...info.values);
  return text.map((value) => ({ type: 'text', text: value }));
}

const condition: fc.Arbitrary<FilterExpression> = fc.constantFrom(...fields).chain((info) => {
  const term: fc.Arbitrary<Term> =
    info.name === 'confidence' ? fc.oneof(termFor(info), probability) : termFor(info);
  const allowed = operatorsOf(info);
  const partners = fields.filter((other) => other.group !== null && other.group === info.group);
  const literal = literalFor(info);
  const value: fc.Arbitrary<Literal | Term> =
    partners.length === 0 ? literal : fc.oneof(literal, fc.constantFrom(...partners).chain(termFor));
  const operators = (['=', '!=', '<', '<=', '>', '>='] as const).filter((operator) =>
    allowed.includes(operator),
  );
  const kinds: fc.Arbitrary<FilterExpression>[] = [
    fc.record({
      type: fc.constant('compare'),
      term,
      operator: fc.constantFrom(...operators),
      value,
      span: fc.constant(span),
    }),
  ];
  const negated = fc.boolean();
  const at = fc.constant(span);
  if (allowed.includes('in')) {
    const values = fc.array(literal, { minLength: 1, maxLength: 4 });
    kinds.push(fc.record({ type: fc.constant('in'), term, values, negated, span: at }));
  }
  if (allowed.includes('~')) {
    kinds.push(fc.record({ type: fc.constant('contains'), term, text: anyText, negated, span: at }));
  }
  if (allowed.includes('is')) kinds.push(fc.record({ type: fc.constant('empty'), term, negated, span: at }));
  if (info.hasOriginal) kinds.push(fc.record({ type: fc.constant('changed'), term, negated, span: at }));
  return fc.oneof(...kinds);
});

/** A column's text is compared with text, in order only with numbers. */
const columnCondition: fc.Arbitrary<FilterExpression> = anyText.chain((name) => {
  const term: Term = { type: 'column', name, span };
  const text = anyText.map((value): Literal => ({ type: 'text', text: value }));
  const number = fc.integer().map((value): Literal => ({ type: 'number', number: value }));
  const at = fc.constant(span);
  const negated = fc.boolean();
  const own = fc.constant(term);
  return fc.oneof(
    fc.record({
      type: fc.constant('compare' as const),
      term: own,
      operator: fc.constantFrom('=' as const, '!=' as const),
      value: fc.oneof<fc.Arbitrary<Literal | Term>[]>(text, own, fc.constant(label)),
      span: at,
    }),
    fc.record({
      type: fc.constant('compare' as const),
      term: own,
      operator: fc.constantFrom('<' as const, '>=' as const),
      value: number,
      span: at,
    }),
    fc.record({
      type: fc.constant('compare' as const),
      term: fc.constant(label),
      operator: fc.constant('!=' as const),
      value: own,
      span: at,
    }),
    fc.record({
      type: fc.constant('in' as const),
      term: own,
      values: fc.array(text, { minLength: 1, maxLength: 3 }),
      negated,
      span: at,
    }),
    fc.record({ type: fc.constant('contains' as const), term: own, text: anyText, negated, span: at }),
    fc.record({ type: fc.constant('empty' as const), term: own, negated, span: at }),
  );
});

const expression = fc.letrec<{ node: FilterExpression }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4 },
    condition,
    columnCondition,
    fc.record({
      type: fc.constantFrom('and' as const, 'or' as const),
      parts: fc.array(tie('node'), { minLength: 2, maxLength: 3 }),
      span: fc.constant(span),
    }),
    fc.record({ type: fc.constant('not' as const), part: tie('node'), span: fc.constant(span) }),
  ),
})).node;

describe('filter expressions', () => {
  it('mean the same again after being written out in canonical form', () => {
    fc.assert(
      fc.property(expression, (tree) => {
        expect(withoutSpans(parseFilter(printFilter(tree)))).toEqual(withoutSpans(tree));
      }),
      { numRuns: 500 },
    );
  });

  it('answer any text at all with a tree or an error inside the text', () => {
    const words = fc.constantFrom(
      ...fieldNames,
      'and',
      'or',
      'not',
      'in',
      'is',
      'empty',
      '(',
      ')',
      '=',
      '<',
      '~',
      ',',
      '"a"',
      '0.5',
      'p',
      'given',
      '"',
      '🙂',
    );
    const sentence = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.array(words, { maxLength: 12 }).map((parts) => parts.join(' ')),
    );
    fc.assert(
      fc.property(sentence, (text) => {
        try {
          parseFilter(text);
        } catch (error) {
          if (!(error instanceof FilterError)) throw error;
          expect(error.position).toBeGreaterThanOrEqual(0);
          expect(error.position + error.length).toBeLessThanOrEqual(text.length);
          expect(error.message).not.toBe('');
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['', ''],
    ['label=yes', 'label = yes'],
    ['LABEL == "yes"', 'label = yes'],
    ['label != given("runA")', 'label != predicted("runA")'],
    ['label != predicted', 'label != predicted'],
    ['label = "predicted"', 'label = "predicted"'],
    ['label = 0', 'label = 0'],
    ['split in (train, test)', 'split in (train, test)'],
    ['split NOT IN (train)', 'split not in (train)'],
    ['duration < .5', 'durationSec < 0.5'],
    ['peak<-20', 'peakDbfs < -20'],
    ['transcript ~ today', 'transcript ~ "today"'],
    ["transcript !~ 'um, '", 'transcript !~ "um, "'],
    ['flag is none', 'flag is empty'],
    ['flags = Label-Issue', 'flag = label-issue'],
    ['p("runA", label) < 0.3', 'p("runA", label) < 0.3'],
    ['p(given) < 0.3 & p(bed) > 0.5', 'p(given) < 0.3 AND p(bed) > 0.5'],
    ['p("given") < 1', 'p("given") < 1'],
    ['givenProbability("r") <= 0.1', 'p("r", label) <= 0.1'],
    ['correct("runA") = False', 'correct("runA") = false'],
    ['note IS NOT EMPTY', 'note is not empty'],
    [
      'label is changed or not (a is empty)'.replace('a is', 'age is'),
      'label is changed OR NOT age is empty',
    ],
    ['isPresent = no', 'present = false'],
    ['id in (1, 2,3)', 'id in (1, 2, 3)'],
    ['label = a OR label = b AND split = test', 'label = a OR label = b AND split = test'],
    ['(label = a OR label = b) AND split = test', '(label = a OR label = b) AND split = test'],
    ['((label = a))', 'label = a'],
    ["label = don't", "label = don't"],
    ['label = نعم', 'label = نعم'],
    ['label = "🙂"', 'label = "🙂"'],
    ['label = "and"', 'label = "and"'],
    ['speaker = "say \\"hi\\" \\\\ \\u{1F642}"', 'speaker = "say \\"hi\\" \\\\ 🙂"'],
    ['path ~ two/0_jackson_1.wav', 'path ~ "two/0_jackson_1.wav"'],
    ['predicted("a") != predicted("b")', 'predicted("a") != predicted("b")'],
    ['peakDbfs > rmsDbfs', 'peakDbfs > rmsDbfs'],
  ])('%s is written %s', (text, canonical) => {
    expect(printFilter(parseFilter(text))).toBe(canonical);
  });

  it('know where each part stands, with its parentheses', () => {
    const text = 'label = a AND (split = test OR split = train)';
    const tree = parseFilter(text);
    if (tree?.type !== 'and') throw new Error('expected AND');
    expect(
      tree.parts.map(({ span: { position, length } }) => text.slice(position, position + length)),
    ).toEqual(['label = a', '(split = test OR split = train)']);
  });
});

describe('a wrong filter expression', () => {
  it.each([
    ['lable = yes', 0, 5, /Did you mean label/],
    ['today', 0, 5, /transcript ~ "today"/],
    ['label = ', 8, 0, /Expected a label, found the end \(character 9\)/],
    ['label', 5, 0, /Expected =/],
    ['label yes', 6, 3, /Expected =.*found yes/],
    ['label = yes split = test', 12, 5, /Expected AND, OR or the end/],
    ['(label = yes', 12, 0, /Expected AND, OR or \)/],
    ['label = yes)', 11, 1, /found \)/],
    ['label in yes', 9, 3, /Expected \(/],
    ['label in (yes', 13, 0, /Expected , or \)/],
    ['label < 3', 6, 1, /label cannot be used with </],
    ['durationSec < long', 14, 4, /compared with a number/],
    ['durationSec ~ 3', 12, 1, /cannot be used with ~/],
    ['flag = label-isue', 7, 10, /label-issue/],
    ['label = and', 8, 3, /write it in quotes: "and"/],
    ['label = "yes', 8, 4, /never closed/],
    ['label = "a\\x"', 10, 2, /backslash/],
    ['label = a # b', 10, 1, /cannot stand here/],
    ['speaker("runA") = x', 7, 1, /belongs to the clip/],
    ['speaker is changed', 11, 7, /Expected empty or not empty/],
    ['label = confidence("r")', 8, 10, /cannot be compared/],
    ['p(', 2, 0, /a label/],
    ['label not yes', 10, 3, /Expected in/],
    ['NOT', 3, 0, /Expected a field/],
  ])('%s is answered at character %i', (text, position, length, message) => {
    const error = errorOf(text);
    expect({ position: error.position, length: error.length }).toEqual({ position, length });
    expect(error.message).toMatch(message);
    expect(error.expected.length).toBeGreaterThan(0);
    expect(error.details).toEqual({ position, length, expected: error.expected });
  });

  it('that is nested without end is refused, not run out of memory', () => {
    expect(errorOf(`${'('.repeat(9000)}label = a`).message).toMatch(/nested more than 100/);
    expect(errorOf(`${'NOT '.repeat(5000)}label = a`).message).toMatch(/nested more than 100/);
  });
});

describe('the catalogue of fields', () => {
  it('describes every field once and gives no word two meanings', () => {
    expect([...fields.map(({ name }) => name)].sort()).toEqual([...fieldNames].sort());
    const words = fields.flatMap(({ name, aliases }) => [name, ...aliases]).map((word) => word.toLowerCase());
    expect(new Set(words).size).toBe(words.length);
  });

  it('names terms that sorting and facets use', () => {
    expect(parseTerm('flags')).toMatchObject({ type: 'field', field: 'flag' });
    expect(parseTerm('givenProbability')).toMatchObject({ type: 'probability', run: null, label: null });
    expect(() => parseTerm('label = a')).toThrow(FilterError);
  });
});

describe('a list of terms', () => {
  it('is split at commas that stand outside parentheses and strings', () => {
    expect(splitTerms('path, label,p(no)')).toEqual(['path', 'label', 'p(no)']);
    expect(splitTerms('column("a, b"),p("r, 1", x) ,path')).toEqual([
      'column("a, b")',
      'p("r, 1", x)',
      'path',
    ]);
    expect(splitTerms(' , ')).toEqual([]);
    expect(() => splitTerms('column("a')).toThrow(FilterError);
  });
});
