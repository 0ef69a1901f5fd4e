// A step in words.
import type { Batch } from './use-batches.ts';

export function inWords(batch: Pick<Batch, 'description' | 'kind'>): string {
  const words = batch.description.replaceAll('->', '→');
  return batch.kind === 'decision' ? words : `${batch.kind}: ${words}`;
}
