// What a view that needs an embedding says while there is none, with the button for it.
import { runCommand } from '../../lib/commands.ts';
import { useJobUnderWay } from '../../lib/events.ts';
import { useProject } from '../../lib/project.ts';
import { Button, EmptyState } from '../../ui/index.ts';
import { EmbeddingUnderWay } from './EmbeddingUnderWay.tsx';

/** `what`: what the view shows, in a sentence. */
export function NoEmbedding({ what }: { readonly what: string }) {
  const project = useProject();
  const job = useJobUnderWay('embed');
  if (job) {
    return (
      <EmbeddingUnderWay job={job}>
        {what} It appears here as soon as the embedding is there.
      </EmbeddingUnderWay>
    );
  }
  return (
    <EmptyState
      icon="map"
      title="No embedding yet"
      actions={
        <Button
          tone="primary"
          isDisabled={!project || project.isReadOnly || project.clips === 0}
          onPress={() => runCommand('embeddings.make')}
        >
          Make an embedding…
        </Button>
      }
    >
      {what} It needs an embedding of the clips, which is made here, without any model of yours.
    </EmptyState>
  );
}
