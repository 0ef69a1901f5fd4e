// Ties prediction rows to clips by path: the very path, else a unique common ending, else a unique file name. Never a
// guess: when several clips could be meant, that is the answer.

export type ClipMatch =
  | { readonly kind: 'match'; readonly index: number; readonly by: 'path' | 'ending' | 'name' | 'stem' }
  | { readonly kind: 'ambiguous' }
  | { readonly kind: 'none' };

export interface ClipMatcher {
  /** `index` is the place in the list of clip paths. */
  match(row: string): ClipMatch;
}

const none: ClipMatch = { kind: 'none' };
const ambiguous: ClipMatch = { kind: 'ambiguous' };

/**
 * A matcher over the paths of a dataset (relative, forward slashes).
 *
 * A row that is no clip's path matches the one clip whose path ends with the row, or with whose path the row ends, at
 * a slash: predictions made from a folder above or below the root. Failing that, a file name (then a name without its
 * extension, for audio that was converted) matches where names identify clips: no two clips share one, and none is
 * named `_nohash_`, where the same name under another word is another recording.
 */
export function createClipMatcher(clipPaths: readonly string[]): ClipMatcher {
  const byPath = new Map<string, number>();
  const byName = new Map<string, number | number[]>();
  let areNamesUnique = true;
  for (const [index, path] of clipPaths.entries()) {
    byPath.set(path, index);
    const name = nameOf(path);
    const known = byName.get(name);
    if (known === undefined) byName.set(name, index);
    else {
      areNamesUnique = false;
      if (Array.isArray(known)) known.push(index);
      else byName.set(name, [known, index]);
    }
    if (name.includes('_nohash_')) areNamesUnique = false;
  }
  let byStem: ReadonlyMap<string, number> | null | undefined;

  /** Null when two clips share a stem. Built only when it is needed. */
  function stems(): ReadonlyMap<string, number> | null {
    if (byStem !== undefined) return byStem;
    const found = new Map<string, number>();
    for (const [index, path] of clipPaths.entries()) found.set(stemOf(nameOf(path)), index);
    byStem = found.size === clipPaths.length ? found : null;
    return byStem;
  }

  function match(given: string): ClipMatch {
    const exact = byPath.get(given);
    if (exact !== undefined) return { kind: 'match', index: exact, by: 'path' };
    const row = given
      .trim()
      .replaceAll('\\', '/')
      .replace(/^(\.?\/)+/, '');
    const tidied = byPath.get(row);
    if (tidied !== undefined) return { kind: 'match', index: tidied, by: 'path' };
    const known = byName.get(nameOf(row));
    if (known !== undefined) {
      const candidates = Array.isArray(known) ? known : [known];
      const endings = candidates.filter((index) => isEnding(row, clipPaths[index] ?? ''));
      const [only, second] = endings;
      if (second !== undefined) return ambiguous;
      if (only !== undefined) return { kind: 'match', index: only, by: 'ending' };
      if (!areNamesUnique) return candidates.length > 1 ? ambiguous : none;
      return { kind: 'match', index: candidates[0] ?? -1, by: 'name' };
    }
    if (!areNamesUnique) return none;
    const stem = stems()?.get(stemOf(nameOf(row)));
    return stem === undefined ? none : { kind: 'match', index: stem, by: 'stem' };
  }

  return { match };
}

export interface MatchedRows {
  /** For every row the index of its clip, -1 where there is none. */
  readonly clipOf: Int32Array;
  /** Row numbers that match no clip. */
  readonly unmatched: readonly number[];
  /** Row numbers that several clips could be. */
  readonly ambiguous: readonly number[];
  /** Row numbers whose clip an earlier row has already. */
  readonly duplicates: readonly number[];
  /** Indices of clips without a row. */
  readonly without: readonly number[];
}

/** Matches all rows at once; the first row of a clip counts. */
export function matchClips(rows: readonly string[], clipPaths: readonly string[]): MatchedRows {
  const matcher = createClipMatcher(clipPaths);
  const clipOf = new Int32Array(rows.length).fill(-1);
  const isTaken = new Uint8Array(clipPaths.length);
  const unmatched: number[] = [];
  const unclear: number[] = [];
  const duplicates: number[] = [];
  for (const [row, clip] of rows.entries()) {
    const found = matcher.match(clip);
    if (found.kind === 'none') unmatched.push(row);
    else if (found.kind === 'ambiguous') unclear.push(row);
    else if (isTaken[found.index] === 1) duplicates.push(row);
    else {
      isTaken[found.index] = 1;
      clipOf[row] = found.index;
    }
  }
  const without: number[] = [];
  for (let index = 0; index < isTaken.length; index++) if (isTaken[index] === 0) without.push(index);
  return { clipOf, unmatched, ambiguous: unclear, duplicates, without };
}

/** True when one path is the other's ending, cut at a slash. */
function isEnding(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return short === long || long.endsWith(`/${short}`);
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function stemOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(0, dot) : name;
}
