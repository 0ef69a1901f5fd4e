// What a view that needs an embedding says while there is none, with the button for it.
import { runCommand } from '../../lib/commands.ts';
import { useJobs } from '../../lib/events.ts';
import { useProject } from '../../lib/project.ts';
import { Button, EmptyState, ProgressBar } from '../../ui/index.ts';

/** `what`: what the view shows, in a sentence. */
export function NoEmbedding({ what }: { readonly what: string }) {
  const project = useProject();
  const job = useJobs(({ jobs }) =>
    jobs.find(({ kind, state }) => kind === 'embed' && (state === 'running' || state === 'queued')),
  );
  if (job) {
    return (
      <EmptyState icon="map" title="An embedding is being made">
        {what} It appears here as soon as the embedding is there.
        <ProgressBar label={job.title} done={job.done} total={job.total} />
      </EmptyState>
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
