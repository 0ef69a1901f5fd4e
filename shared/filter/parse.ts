// Recursive-descent parser of filter expressions. It knows the fields but no project: unknown runs and labels are the
// business of whoever evaluates the tree.
//
//   or        = and { OR and }
//   and       = not { AND not }
//   not       = NOT not | "(" or ")" | condition
//   condition = term ( comparison ( literal | term ) | ["NOT"] IN "(" literal { "," literal } ")"
//             | ( "~" | "!~" ) text | IS [NOT] ( EMPTY | NONE | CHANGED ) )
//   term      = field [ "(" run ")" ] | given "(" run ")" | p "(" [ run "," ] ( label | "given" ) ")"
//             | column "(" name ")"
import type { Comparison, FilterExpression, Literal, Span, Term } from './ast.ts';
import { comparisons } from './ast.ts';
import type { Expectation } from './expectation.ts';
import { fieldInfo, findField, joinWords, type TermInfo } from './fields.ts';
import { FilterError } from './filter-error.ts';
import { nearestFields } from './nearest-fields.ts';
import { areComparable, columnInfo, probabilityInfo, termInfo } from './term-info.ts';
import { quote, type Token, tokenize } from './tokens.ts';

/** Deeper nesting is refused: the evaluation is recursive. */
const MAX_DEPTH = 100;

/** The operators that make sense for a field, as a person types them. */
export function operatorsOf(info: TermInfo): readonly string[] {
  switch (info.type) {
    case 'id':
      return ['=', '!=', '<', '<=', '>', '>=', 'in', 'not in'];
    case 'number':
      return ['<', '<=', '>', '>=', '=', '!=', 'in', 'not in', 'is'];
    case 'text':
      return ['~', '!~', '=', '!=', 'in', 'not in', 'is'];
    case 'label':
    case 'category':
      return ['=', '!=', 'in', 'not in', '~', '!~', 'is'];
    case 'flags':
      return ['=', '!=', 'in', 'not in', 'is'];
    case 'boolean':
      return ['=', '!=', 'is'];
    case 'column':
      return ['=', '!=', 'in', 'not in', '~', '!~', '<', '<=', '>', '>=', 'is'];
  }
}

/** What people read as "expected". */
export function describeExpectation(expectation: Expectation): readonly string[] {
  switch (expectation.type) {
    case 'condition':
      return ['a field', 'NOT', '('];
    case 'operator':
      return operatorsOf(expectation.field);
    case 'value':
      return [valueWords(expectation.field)];
    case 'state': {
      const words = expectation.field.hasOriginal ? ['empty', 'changed'] : ['empty'];
      return expectation.isNegated ? words : [...words, ...words.map((word) => `not ${word}`)];
    }
    case 'run':
      return ['the name of a run in quotes'];
    case 'column':
      return ['the name of a column in quotes'];
    case 'labelOrRun':
      return ['a label', 'given', 'the name of a run in quotes'];
    case 'label':
      return ['a label', 'label'];
    case 'joiner':
      return expectation.isInParentheses ? ['AND', 'OR', ')'] : ['AND', 'OR', 'the end'];
    case 'words':
      return expectation.words;
  }
}

function valueWords(info: TermInfo): string {
  if (info.values !== null) return info.values.join(', ');
  if (info.type === 'number' || info.type === 'id') return 'a number';
  if (info.type === 'boolean') return 'true or false';
  return info.type === 'label' ? 'a label' : 'a value';
}

/**
 * The expression of a text; null for an empty text, which means every clip.
 * @throws FilterError with position, length and what was expected.
 */
export function parseFilter(text: string): FilterExpression | null {
  const parser = new Parser(tokenize(text));
  return parser.wholeFilter();
}

/**
 * One term alone, as sorting, facets and histograms name it: `durationSec`, `predicted("runA")`, `p(bed)`.
 * @throws FilterError
 */
export function parseTerm(text: string): Term {
  return new Parser(tokenize(text)).wholeTerm();
}

class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;
  #parentheses = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  wholeFilter(): FilterExpression | null {
    if (this.#peek().type === 'end') return null;
    const expression = this.#or();
    if (this.#peek().type !== 'end') throw this.#unexpected({ type: 'joiner', isInParentheses: false });
    return expression;
  }

  wholeTerm(): Term {
    const term = this.#term();
    if (this.#peek().type !== 'end') throw this.#unexpected({ type: 'words', words: ['the end'] });
    return term;
  }

  #or(): FilterExpression {
    return this.#joined('or', () => this.#joined('and', () => this.#not()));
  }

  #joined(word: 'and' | 'or', readPart: () => FilterExpression): FilterExpression {
    const start = this.#peek();
    const first = readPart();
    if (!this.#isWord(word)) return first;
    const parts = [first];
    while (this.#takeWord(word)) parts.push(readPart());
    return { type: word, parts, span: this.#spanFrom(start) };
  }

  #not(): FilterExpression {
    const start = this.#peek();
    if (++this.#depth > MAX_DEPTH) {
      throw new FilterError(
        `The expression is nested more than ${MAX_DEPTH} deep (character ${start.position + 1}). Write it with fewer parentheses.`,
        start,
      );
    }
    const expression = this.#notOrGroup(start);
    this.#depth--;
    return expression;
  }

  #notOrGroup(start: Token): FilterExpression {
    if (this.#takeWord('not')) return { type: 'not', part: this.#not(), span: this.#spanFrom(start) };
    if (!this.#isSign('(')) return this.#condition();
    this.#next++;
    this.#parentheses++;
    const inner = this.#or();
    if (!this.#takeSign(')')) throw this.#unexpected({ type: 'joiner', isInParentheses: true });
    this.#parentheses--;
    return { ...inner, span: this.#spanFrom(start) };
  }

  #condition(): FilterExpression {
    const start = this.#peek();
    const term = this.#term();
    const info = termInfo(term);
    const operatorToken = this.#peek();
    const allowed = operatorsOf(info);
    const span = () => this.#spanFrom(start);

    if (operatorToken.type === 'sign') {
      const sign = operatorToken.text;
      if (!allowed.includes(sign)) throw this.#wrongOperator(info, operatorToken);
      this.#next++;
      if (sign === '~' || sign === '!~') {
        const text = this.#peek();
        if (text.type !== 'word' && text.type !== 'string') {
          throw this.#unexpected({ type: 'value', field: info, isInList: false });
        }
        this.#next++;
        return { type: 'contains', term, text: text.text, negated: sign === '!~', span: span() };
      }
      const operator = comparisons.find((name) => name === sign) as Comparison;
      // What a column holds is text; more and less are asked of what reads as a number.
      const isOrder = operator !== '=' && operator !== '!=';
      const compared: TermInfo = info.type === 'column' && isOrder ? { ...info, type: 'number' } : info;
      return { type: 'compare', term, operator, value: this.#valueOrTerm(compared), span: span() };
    }

    if (this.#takeWord('is')) return this.#state(term, info, start);
    const negated = this.#isWord('not') && this.#isWord('in', 1);
    if (negated) this.#next++;
    if (!this.#isWord('in')) {
      if (this.#isWord('not')) {
        this.#next++;
        throw this.#unexpected({ type: 'words', words: ['in'] });
      }
      throw this.#unexpected({ type: 'operator', field: info });
    }
    if (!allowed.includes('in')) throw this.#wrongOperator(info, this.#peek());
    this.#next++;
    return { type: 'in', term, values: this.#list(info), negated, span: span() };
  }

  #state(term: Term, info: TermInfo, start: Token): FilterExpression {
    if (info.type === 'id') throw this.#wrongOperator(info, this.#tokens[this.#next - 1] ?? start);
    const negated = this.#takeWord('not');
    const word = this.#peek();
    const state = word.type === 'word' ? word.text.toLowerCase() : '';
    const type = state === 'empty' || state === 'none' ? 'empty' : state;
    if (type !== 'empty' && (type !== 'changed' || !info.hasOriginal || term.type !== 'field')) {
      throw this.#unexpected({ type: 'state', field: info, isNegated: negated });
    }
    this.#next++;
    return { type, term, negated, span: this.#spanFrom(start) };
  }

  #list(info: TermInfo): Literal[] {
    if (!this.#takeSign('(')) throw this.#unexpected({ type: 'words', words: ['('] });
    const values = [this.#literal(info, true)];
    while (this.#takeSign(',')) values.push(this.#literal(info, true));
    if (!this.#takeSign(')')) throw this.#unexpected({ type: 'words', words: [',', ')'] });
    return values;
  }

  #valueOrTerm(info: TermInfo): Literal | Term {
    const token = this.#peek();
    if (token.type === 'word') {
      const lower = token.text.toLowerCase();
      const isCall = this.#isSign('(', 1);
      const field = isCall && lower === 'given' ? fieldInfo('predicted') : findField(token.text);
      const probability = lower === 'givenprobability' || (isCall && lower === 'p');
      const column = isCall && lower === 'column' ? columnInfo('Column') : null;
      const other = column ?? (probability ? probabilityInfo : field);
      if (other !== null && areComparable(info, other)) return this.#term();
      if (other !== null && isCall) {
        throw new FilterError(
          `${info.title} and ${other.title} cannot be compared (character ${token.position + 1}).`,
          token,
          describeExpectation({ type: 'value', field: info, isInList: false }),
        );
      }
    }
    return this.#literal(info, false);
  }

  #literal(info: TermInfo, isInList: boolean): Literal {
    const token = this.#peek();
    const expectation: Expectation = { type: 'value', field: info, isInList };
    if (token.type !== 'word' && token.type !== 'string') throw this.#unexpected(expectation);
    const lower = token.text.toLowerCase();
    if (token.type === 'word' && joinWords.some((word) => word === lower)) {
      throw new FilterError(
        `Expected ${valueWords(info)}, found ${token.text} (character ${token.position + 1}). To mean the value ${token.text} itself, write it in quotes: "${token.text}".`,
        token,
        [...describeExpectation(expectation), quote(token.text)],
        expectation,
      );
    }
    const value = literalOf(info, token.text);
    if (value === null) throw this.#wrongValue(info, token, expectation);
    this.#next++;
    return value;
  }

  #term(): Term {
    const token = this.#peek();
    const lower = token.text.toLowerCase();
    if (token.type !== 'word' || joinWords.some((word) => word === lower)) {
      throw this.#unexpected({ type: 'condition' });
    }
    const isCall = this.#isSign('(', 1);
    if (isCall && lower === 'p') return this.#probability(token);
    if (lower === 'column') return this.#column(token);
    if (lower === 'givenprobability') {
      this.#next++;
      const run = this.#runArgument();
      return { type: 'probability', run, label: null, span: this.#spanFrom(token) };
    }
    const info = isCall && lower === 'given' ? fieldInfo('predicted') : findField(token.text);
    if (info === null) throw this.#unknownField(token, isCall);
    this.#next++;
    if (isCall && !info.isOfRun) {
      throw new FilterError(
        `${info.name} belongs to the clip, not to a run, and takes no parentheses (character ${token.position + 1}).`,
        this.#peek(),
        operatorsOf(info),
        { type: 'operator', field: info },
      );
    }
    return { type: 'field', field: info.name, run: this.#runArgument(), span: this.#spanFrom(token) };
  }

  /** `("run")`, `()` or nothing. */
  #runArgument(): string | null {
    if (!this.#takeSign('(')) return null;
    if (this.#takeSign(')')) return null;
    const run = this.#peek();
    if (run.type !== 'string' && run.type !== 'word') throw this.#unexpected({ type: 'run' });
    this.#next++;
    if (!this.#takeSign(')')) throw this.#unexpected({ type: 'words', words: [')'] });
    return run.text;
  }

  #probability(start: Token): Term {
    this.#next += 2;
    const first = this.#peek();
    if (first.type !== 'string' && first.type !== 'word') throw this.#unexpected({ type: 'labelOrRun' });
    this.#next++;
    let run: string | null = null;
    let of = first;
    if (this.#takeSign(',')) {
      run = first.text;
      of = this.#peek();
      if (of.type !== 'string' && of.type !== 'word') throw this.#unexpected({ type: 'label' });
      this.#next++;
    }
    const closing = run === null ? [',', ')'] : [')'];
    if (!this.#takeSign(')')) throw this.#unexpected({ type: 'words', words: closing });
    const label = of.type === 'word' && findField(of.text)?.name === 'label' ? null : of.text;
    return { type: 'probability', run, label, span: this.#spanFrom(start) };
  }

  #column(start: Token): Term {
    this.#next++;
    if (!this.#takeSign('(')) throw this.#unexpected({ type: 'words', words: ['('] });
    const name = this.#peek();
    if (name.type !== 'string' && name.type !== 'word') throw this.#unexpected({ type: 'column' });
    this.#next++;
    if (!this.#takeSign(')')) throw this.#unexpected({ type: 'words', words: [')'] });
    return { type: 'column', name: name.text, span: this.#spanFrom(start) };
  }

  #peek(ahead = 0): Token {
    const token = this.#tokens[Math.min(this.#next + ahead, this.#tokens.length - 1)];
    if (token === undefined) throw new Error('a token list always ends with its end token');
    return token;
  }

  #isWord(word: string, ahead = 0): boolean {
    const token = this.#peek(ahead);
    return token.type === 'word' && token.text.toLowerCase() === word;
  }

  #takeWord(word: string): boolean {
    if (!this.#isWord(word)) return false;
    this.#next++;
    return true;
  }

  #isSign(sign: string, ahead = 0): boolean {
    const token = this.#peek(ahead);
    return token.type === 'sign' && token.text === sign;
  }

  #takeSign(sign: string): boolean {
    if (!this.#isSign(sign)) return false;
    this.#next++;
    return true;
  }

  /** From a token to the last one taken. */
  #spanFrom(start: Token): Span {
    const last = this.#tokens[this.#next - 1] ?? start;
    return { position: start.position, length: last.position + last.length - start.position };
  }

  #unexpected(wanted: Expectation): FilterError {
    const expectation: Expectation =
      wanted.type === 'joiner' ? { type: 'joiner', isInParentheses: this.#parentheses > 0 } : wanted;
    const token = this.#peek();
    const expected = describeExpectation(expectation);
    const found = token.type === 'end' ? 'the end' : token.type === 'string' ? quote(token.text) : token.text;
    return new FilterError(
      `Expected ${inWords(expected)}, found ${found} (character ${token.position + 1}).`,
      token,
      expected,
      expectation,
    );
  }

  #wrongOperator(info: TermInfo, token: Token): FilterError {
    const expected = operatorsOf(info);
    return new FilterError(
      `${info.name} cannot be used with ${token.text} (character ${token.position + 1}); use ${inWords(expected)}.`,
      token,
      expected,
      { type: 'operator', field: info },
    );
  }

  #wrongValue(info: TermInfo, token: Token, expectation: Expectation): FilterError {
    const expected = info.values ?? describeExpectation(expectation);
    return new FilterError(
      `${info.name} is compared with ${inWords(expected)}; ${quote(token.text)} is none (character ${token.position + 1}).`,
      token,
      expected,
      expectation,
    );
  }

  #unknownField(token: Token, isCall: boolean): FilterError {
    const near = nearestFields(token.text);
    const hint =
      near.length > 0
        ? `Did you mean ${near.join(' or ')}?`
        : `To search the transcripts write transcript ~ ${quote(token.text)}.`;
    return new FilterError(
      `There is no ${isCall ? 'function' : 'field'} ${token.text} (character ${token.position + 1}). ${hint}`,
      token,
      near.length > 0 ? near : ['a field'],
      { type: 'condition' },
    );
  }
}

/** The literal a text means for a field; null when the field cannot have it. */
export function literalOf(info: TermInfo, text: string): Literal | null {
  if (info.type === 'number' || info.type === 'id') {
    const number = text.trim() === '' ? Number.NaN : Number(text);
    if (!Number.isFinite(number)) return null;
    return { type: 'number', number: number === 0 ? 0 : number };
  }
  if (info.type === 'boolean') {
    const lower = text.toLowerCase();
    if (lower === 'true' || lower === 'yes') return { type: 'boolean', boolean: true };
    return lower === 'false' || lower === 'no' ? { type: 'boolean', boolean: false } : null;
  }
  if (info.values !== null) {
    const known = info.values.find((value) => value === text.toLowerCase());
    return known === undefined ? null : { type: 'text', text: known };
  }
  return { type: 'text', text };
}

function inWords(parts: readonly string[]): string {
  if (parts.length < 2) return parts[0] ?? 'nothing';
  return `${parts.slice(0, -1).join(', ')} or ${parts[parts.length - 1]}`;
}
