// Splits a filter expression into words, quoted strings and signs, each with its place in the text.
import { FilterError } from './filter-error.ts';

export const signs = ['=', '!=', '<', '<=', '>', '>=', '~', '!~', '(', ')', ','] as const;
export type Sign = (typeof signs)[number];

export interface Token {
  readonly type: 'word' | 'string' | 'sign' | 'end';
  /** The word; what a string means; the sign in its canonical form; empty at the end. */
  readonly text: string;
  /** UTF-16 units. */
  readonly position: number;
  readonly length: number;
}

// Letters, marks and digits of any script, with joiners that some scripts need inside words.
const wordSource = String.raw`[\p{L}\p{M}\p{N}_./\-](?:[\p{L}\p{M}\p{N}_./\-\u200c\u200d]|['’](?=[\p{L}\p{N}]))*`;
const wordAt = new RegExp(wordSource, 'uy');
const wholeWord = new RegExp(`^${wordSource}$`, 'u');
const blank = /\s/u;

const signAliases: ReadonlyMap<string, Sign | 'and' | 'or'> = new Map<string, Sign | 'and' | 'or'>([
  ...signs.map((sign): [string, Sign] => [sign, sign]),
  ['==', '='],
  ['<>', '!='],
  ['≠', '!='],
  ['≤', '<='],
  ['≥', '>='],
  ['&&', 'and'],
  ['&', 'and'],
  ['||', 'or'],
  ['|', 'or'],
]);

const escapes: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['\\', '\\'],
  ['"', '"'],
  ["'", "'"],
]);

/** True when the text reads as one word without quotes. */
export function isBareWord(text: string): boolean {
  return wholeWord.test(text);
}

/** The text in double quotes, with escapes for quotes, backslashes and control characters. */
export function quote(text: string): string {
  const inner = text.replace(/["\\\p{Cc}]/gu, (character) => {
    if (character === '"' || character === '\\') return `\\${character}`;
    if (character === '\n') return '\\n';
    if (character === '\r') return '\\r';
    if (character === '\t') return '\\t';
    return `\\u{${character.codePointAt(0)?.toString(16)}}`;
  });
  return `"${inner}"`;
}

/**
 * The tokens of the text; the last has type `end`.
 * @throws FilterError at a character that starts nothing, an unknown escape, or a string that is not closed.
 */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const character = text.charAt(at);
    if (blank.test(character)) {
      at++;
      continue;
    }
    if (character === '"' || character === "'" || character === '“') {
      const token = readString(text, at, character === '“' ? '”' : character);
      tokens.push(token);
      at += token.length;
      continue;
    }
    const token = readWord(text, at) ?? readSign(text, at);
    if (token === null) {
      const strange = String.fromCodePoint(text.codePointAt(at) ?? 0);
      throw new FilterError(
        `The character ${strange} cannot stand here (character ${at + 1}). Put values with signs in quotes: "${strange}".`,
        { position: at, length: strange.length },
        ['"…"'],
      );
    }
    tokens.push(token);
    at += token.length;
  }
  tokens.push({ type: 'end', text: '', position: text.length, length: 0 });
  return tokens;
}

function readWord(text: string, at: number): Token | null {
  wordAt.lastIndex = at;
  const match = wordAt.exec(text);
  return match === null ? null : { type: 'word', text: match[0], position: at, length: match[0].length };
}

function readSign(text: string, at: number): Token | null {
  for (const length of [2, 1]) {
    const sign = signAliases.get(text.slice(at, at + length));
    if (sign === undefined || at + length > text.length) continue;
    return { type: sign === 'and' || sign === 'or' ? 'word' : 'sign', text: sign, position: at, length };
  }
  return null;
}

function readString(text: string, start: number, close: string): Token {
  let value = '';
  let at = start + 1;
  while (at < text.length) {
    const character = text.charAt(at);
    if (character === close) return { type: 'string', text: value, position: start, length: at + 1 - start };
    if (character !== '\\') {
      value += character;
      at++;
      continue;
    }
    const unicode = /^\\u\{([0-9a-f]{1,6})\}/i.exec(text.slice(at, at + 11));
    const codePoint = unicode === null ? Number.NaN : Number.parseInt(unicode[1] ?? '', 16);
    const simple = escapes.get(text.charAt(at + 1));
    if (unicode !== null && codePoint <= 0x10ffff) {
      value += String.fromCodePoint(codePoint);
      at += unicode[0].length;
    } else if (simple !== undefined) {
      value += simple;
      at += 2;
    } else {
      throw new FilterError(
        `A backslash in quotes needs a character after it that it stands for (character ${at + 1}). Write \\\\ for a backslash itself.`,
        { position: at, length: Math.min(2, text.length - at) },
        ['\\\\', '\\"', '\\n', '\\t', '\\u{…}'],
      );
    }
  }
  throw new FilterError(
    `The quote that opens at character ${start + 1} is never closed.`,
    { position: start, length: text.length - start },
    [close],
  );
}

/**
 * The terms of a list: parts between commas that stand in no parentheses and no string, without blanks around them.
 * @throws FilterError for a string that is not closed.
 */
export function splitTerms(text: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let depth = 0;
  for (const { type, text: sign, position } of tokenize(text)) {
    if (type === 'sign' && sign === '(') depth++;
    if (type === 'sign' && sign === ')') depth--;
    const isEnd = type === 'end' || (type === 'sign' && sign === ',' && depth <= 0);
    if (!isEnd) continue;
    parts.push(text.slice(start, position).trim());
    start = position + 1;
  }
  return parts.filter((part) => part !== '');
}
