// The project's embeddings, and jobs that were started here and are waited for.
import { useQuery } from '@tanstack/react-query';
import type { EmbeddingSummary } from '../../../shared/contract/embeddings.ts';
import { calls, client, errorDataOf } from '../../lib/client.ts';
import { notifyError } from '../../lib/state/notices.ts';

/** Embeddings of the project, newest first, and which one is in use (null: none). */
export function useEmbeddings(isWanted = true) {
  const query = useQuery({ ...calls.embeddings.list.queryOptions(), enabled: isWanted });
  const inUse: EmbeddingSummary | null = query.data?.find(({ isInUse }) => isInUse) ?? null;
  return { ...query, inUse };
}

/** Embeds the clips that came after the embedding was made; a failure to start is said. */
export async function embedNewClips(name: string): Promise<void> {
  try {
    await client.embeddings.update({ name });
  } catch (error) {
    notifyError(errorDataOf(error));
  }
}

/** A name that is not taken: `stem`, else `stem 2`, `stem 3` and so on. */
export function freeName(stem: string, taken: readonly string[]): string {
  if (!taken.includes(stem)) return stem;
  for (let n = 2; ; n++) {
    const name = `${stem} ${n}`;
    if (!taken.includes(name)) return name;
  }
}
