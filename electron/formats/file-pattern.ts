// File-name patterns such as `{label}_{speaker}_{take}.wav`: compiling with errors that point at the place, matching in
// time proportional to the name (file names are untrusted, so no regular expressions), and suggesting one from names.
import { EarmarkError } from '../../shared/errors.ts';
import { baseName, isAudioName, stemOf } from './names.ts';

type Token = { readonly literal: string } | { readonly part: string };

export interface FilePattern {
  readonly text: string;
  /** Names of the parts in order, without `*`. */
  readonly parts: readonly string[];
  /** The text of every named part, or null when the path does not fit. */
  match(path: string): Readonly<Record<string, string>> | null;
}

/**
 * Compiles a pattern. `{name}` stands for one or more characters other than `/`, `{*}` for the same, ignored. Where a
 * name could be divided in several ways, earlier parts take as much as they can. A pattern with `/` is compared with
 * as many last folders of a path as it has. Without an audio extension at its end it fits every audio extension; with
 * one, capital and small letters of the extension are alike.
 * @throws EarmarkError `pattern/invalid` with `details.position`, 0-based.
 */
export function compilePattern(text: string): FilePattern {
  const tokens = tokenize(text);
  const parts = tokens.flatMap((token) => ('part' in token && token.part !== '*' ? [token.part] : []));
  if (parts.length === 0) {
    throw invalid(text, 0, 'has no part such as {label}; write the parts of the file name in braces');
  }
  const wantsWholeName = text.endsWith('.{*}');
  const extension = /\.[^./{}]+$/.exec(text)?.[0] ?? '';
  const hasExtension = isAudioName(`x${extension}`);
  const segments = intoSegments(hasExtension ? withoutEnd(tokens, extension.length) : tokens);

  function match(path: string): Record<string, string> | null {
    const names = path.split('/');
    if (names.length < segments.length) return null;
    const tail = names.slice(-segments.length);
    const last = tail.length - 1;
    const name = tail[last] ?? '';
    if (hasExtension && !name.toLowerCase().endsWith(extension.toLowerCase())) return null;
    if (!wantsWholeName) tail[last] = hasExtension ? name.slice(0, -extension.length) : stemOf(name);
    const found: Record<string, string> = {};
    for (let i = 0; i < segments.length; i++) {
      if (!matchSegment(segments[i] ?? [], tail[i] ?? '', found)) return null;
    }
    return found;
  }

  return { text, parts, match };
}

function tokenize(text: string): Token[] {
  if (text.trim() === '') throw invalid(text, 0, 'is empty');
  const tokens: Token[] = [];
  const seen = new Set<string>();
  let at = 0;
  while (at < text.length) {
    if (text[at] === '}') throw invalid(text, at, 'closes a part that was never opened');
    if (text[at] !== '{') {
      const next = text.slice(at).search(/[{}]/);
      const end = next < 0 ? text.length : at + next;
      tokens.push({ literal: text.slice(at, end).replaceAll('\\', '/') });
      at = end;
      continue;
    }
    const close = text.indexOf('}', at);
    const nested = text.indexOf('{', at + 1);
    if (close < 0 || (nested >= 0 && nested < close))
      throw invalid(text, at, 'opens a part that is not closed');
    const part = text.slice(at + 1, close);
    if (part !== '*' && !/^[\p{L}_][\p{L}\p{N}_]*$/u.test(part)) {
      const reason =
        part === '' ? 'has a part without a name' : `has a part "${part}"; use letters, digits and _`;
      throw invalid(text, at + 1, reason);
    }
    if (part === 'path') throw invalid(text, at + 1, 'has a part "path", which is the whole path already');
    if (seen.has(part)) throw invalid(text, at + 1, `has the part "${part}" twice`);
    if (part !== '*') seen.add(part);
    const previous = tokens.at(-1);
    if (previous !== undefined && 'part' in previous) {
      throw invalid(text, at, 'has two parts with nothing between them, so where one ends is not known');
    }
    tokens.push({ part });
    at = close + 1;
  }
  return tokens;
}

function withoutEnd(tokens: readonly Token[], length: number): Token[] {
  const kept = [...tokens];
  const last = kept.pop();
  if (last !== undefined && 'literal' in last && last.literal.length > length) {
    kept.push({ literal: last.literal.slice(0, -length) });
  }
  return kept;
}

/** Tokens divided at `/`. A leading slash counts for nothing. */
function intoSegments(tokens: readonly Token[]): Token[][] {
  const segments: Token[][] = [[]];
  for (const token of tokens) {
    if ('part' in token) {
      segments.at(-1)?.push(token);
      continue;
    }
    for (const [index, piece] of token.literal.split('/').entries()) {
      if (index > 0) segments.push([]);
      if (piece !== '') segments.at(-1)?.push({ literal: piece });
    }
  }
  while (segments.length > 1 && segments[0]?.length === 0) segments.shift();
  return segments;
}

/** From the right, each part as short as it can be: the leftmost part gets what is left, which is the most. */
function matchSegment(tokens: readonly Token[], text: string, found: Record<string, string>): boolean {
  let end = text.length;
  let isOpen = false;
  let part = '';
  const take = (from: number): boolean => {
    if (!isOpen) return from === end;
    if (from >= end) return false;
    if (part !== '*') found[part] = text.slice(from, end);
    return true;
  };
  for (let i = tokens.length - 1; i >= 0; i--) {
    const token = tokens[i];
    if (token === undefined) return false;
    if ('part' in token) {
      isOpen = true;
      part = token.part;
      continue;
    }
    const { literal } = token;
    const latest = end - literal.length - (isOpen ? 1 : 0);
    if (latest < 0) return false;
    // A literal before every part must be the beginning of the name.
    const start = i === 0 ? (text.startsWith(literal) ? 0 : -1) : text.lastIndexOf(literal, latest);
    if (start < 0 || start > latest || !take(start + literal.length)) return false;
    end = start;
    isOpen = false;
  }
  return take(0);
}

function invalid(pattern: string, position: number, reason: string): EarmarkError {
  return new EarmarkError('pattern/invalid', `The pattern ${reason} (at character ${position + 1}).`, {
    pattern,
    position,
  });
}

const SEPARATORS = ['_', '-', ' ', '.'];
const NAMES_LOOKED_AT = 2000;

/**
 * A pattern that most of the names fit, with the label first unless folders name it, then the speaker, then a number
 * as the take. Null when the names show no such order, for instance when nothing in them repeats.
 */
export function suggestPatternFor(paths: readonly string[]): string | null {
  const looked = paths.slice(0, NAMES_LOOKED_AT);
  if (looked.length < 2) return null;
  const stems = looked.map((path) => stemOf(baseName(path)));
  const division = divide(stems);
  if (division === null) return null;
  const { separator, rows } = division;
  const width = rows[0]?.length ?? 0;
  const distinct = Array.from(
    { length: width },
    (_, column) => new Set(rows.map((row) => row[column] ?? '')),
  );
  const parents = new Set(looked.map((path) => baseName(path.slice(0, Math.max(0, path.lastIndexOf('/'))))));
  const hasLabelFolders = parents.size >= 2 && !parents.has('');
  const roles = assignRoles(distinct, rows.length, hasLabelFolders);
  if (roles === null) return null;
  const pieces = distinct.map((values, column) => {
    const role = roles[column];
    return role === undefined ? ([...values][0] ?? '') : `{${role}}`;
  });
  const extensions = new Set(looked.map((path) => baseName(path).slice(stemOf(baseName(path)).length)));
  const pattern = `${hasLabelFolders ? '{label}/' : ''}${pieces.join(separator)}${extensions.size === 1 ? [...extensions][0] : ''}`;
  try {
    compilePattern(pattern);
    return pattern;
  } catch {
    return null;
  }
}

/** The separator that cuts at least nine in ten names into the same number of pieces, the most pieces first. */
function divide(stems: readonly string[]): { separator: string; rows: string[][] } | null {
  let best: { separator: string; rows: string[][] } | null = null;
  for (const separator of SEPARATORS) {
    const byWidth = Map.groupBy(
      stems.map((stem) => stem.split(separator)),
      (pieces) => pieces.length,
    );
    for (const [width, rows] of byWidth) {
      if (width < 2 || width > 8 || rows.length < 0.9 * stems.length) continue;
      if (rows.some((row) => row.includes(''))) continue;
      if (best === null || width > (best.rows[0]?.length ?? 0)) best = { separator, rows };
    }
  }
  return best;
}

/** A role per column; undefined = constant text. Null when no column can be the label. */
function assignRoles(
  distinct: readonly ReadonlySet<string>[],
  rows: number,
  hasLabelFolders: boolean,
): (string | undefined)[] | null {
  const roles: (string | undefined)[] = distinct.map(() => undefined);
  const varied = distinct.flatMap((values, column) => (values.size > 1 ? [column] : []));
  const free = [...varied];
  const last = free.at(-1);
  if (last !== undefined && (free.length > 1 || hasLabelFolders) && allNumbers(distinct[last])) {
    roles[last] = 'take';
    free.pop();
  }
  let hasLabel = hasLabelFolders;
  let hasSpeaker = false;
  for (const column of free) {
    const repeats = (distinct[column]?.size ?? 0) * 2 <= rows;
    if (!hasLabel && repeats) {
      roles[column] = 'label';
      hasLabel = true;
    } else if (!hasSpeaker && repeats) {
      roles[column] = 'speaker';
      hasSpeaker = true;
    } else roles[column] = `part${column + 1}`;
  }
  return hasLabel ? roles : null;
}

function allNumbers(values: ReadonlySet<string> | undefined): boolean {
  if (values === undefined) return false;
  for (const value of values) if (!/^\d+$/.test(value)) return false;
  return true;
}
