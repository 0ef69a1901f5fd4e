// The fields that somebody may have meant by a word that is none.
import { fields } from './fields.ts';
import { foldText } from './fold.ts';

/** Field names that begin like the word or are one or two keystrokes away from it. */
export function nearestFields(word: string): string[] {
  const folded = foldText(word);
  const scored: { name: string; distance: number }[] = [];
  for (const info of fields) {
    const distance = Math.min(
      ...[info.name, ...info.aliases].map((name) => {
        const lower = name.toLowerCase();
        return folded.length >= 3 && lower.startsWith(folded) ? 0 : editDistance(folded, lower);
      }),
    );
    if (distance <= Math.min(2, Math.floor((folded.length + 1) / 3)))
      scored.push({ name: info.name, distance });
  }
  scored.sort((a, b) => a.distance - b.distance);
  return scored.slice(0, 3).map((entry) => entry.name);
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
