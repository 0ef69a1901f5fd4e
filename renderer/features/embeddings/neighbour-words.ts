// What the nearest clips say about a clip's label, in words.
import type { Neighbour } from '../../../shared/contract/embeddings.ts';
import { count } from '../../lib/format.ts';

/** `7 of 8 say four too`, or `Only 1 of 8 says four; 6 say seven`. */
export function sameLabelInWords(
  neighbours: readonly Pick<Neighbour, 'label'>[],
  label: string | null,
): string {
  const n = neighbours.length;
  const votes = new Map<string, number>();
  for (const { label: other } of neighbours) {
    if (other !== null) votes.set(other, (votes.get(other) ?? 0) + 1);
  }
  const [top] = [...votes].sort(([, a], [, b]) => b - a);
  if (!top) return 'None of the nearest clips has a label.';
  const [other, most] = top;
  const says = (k: number) => (k === 1 ? 'says' : 'say');
  if (label === null) return `${count(most)} of ${count(n)} ${says(most)} ${other}.`;
  const same = votes.get(label) ?? 0;
  if (other === label || same === most) return `${count(same)} of ${count(n)} ${says(same)} ${label} too.`;
  const lead =
    same === 0
      ? `None of ${count(n)} says ${label}`
      : `Only ${count(same)} of ${count(n)} ${says(same)} ${label}`;
  return `${lead}; ${count(most)} ${says(most)} ${other}.`;
}
