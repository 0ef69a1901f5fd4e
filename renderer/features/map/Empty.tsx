// What the view says before there is a map: what it needs, and the button for it.
import { useQuery } from '@tanstack/react-query';
import type { ProjectInfo } from '../../../shared/contract/project.ts';
import { mapSettings } from '../../../shared/domain/embedding.ts';
import { calls, client } from '../../lib/client.ts';
import { runCommand } from '../../lib/commands.ts';
import { useJobUnderWay } from '../../lib/events.ts';
import { counted } from '../../lib/format.ts';
import { Button, EmptyState } from '../../ui/index.ts';
import { EmbeddingUnderWay } from '../embeddings/index.ts';
import { attempt, makeEmbeddingAndMap, startMap } from './making.ts';

export function NeedsEmbedding({ project }: { readonly project: ProjectInfo }) {
  const job = useJobUnderWay('embed');
  const builtin = useQuery(calls.embeddings.builtin.queryOptions());
  const best = builtin.data?.[0];
  if (project.clips === 0)
    return (
      <EmptyState
        icon="map"
        title="No clips yet"
        actions={
          <Button tone="primary" icon="import" onPress={() => runCommand('dataset.import')}>
            Import a dataset…
          </Button>
        }
      >
        A map shows every clip of a dataset as a point, clips that sound alike beside each other. Import a
        dataset first.
      </EmptyState>
    );
  if (job)
    return (
      <EmbeddingUnderWay
        job={job}
        actions={
          <Button onPress={() => void attempt(() => client.jobs.cancel({ id: job.id }))}>Cancel</Button>
        }
      >
        <p>
          {job.phase} {job.total !== null && `${job.done} of ${job.total}`}
        </p>
      </EmbeddingUnderWay>
    );
  return (
    <EmptyState
      icon="map"
      title="No embedding yet"
      actions={
        <>
          <Button
            tone="primary"
            icon="map"
            isDisabled={!best || project.isReadOnly}
            onPress={() => {
              if (best) void makeEmbeddingAndMap(best.name);
            }}
          >
            Make an embedding
          </Button>
          <Button isDisabled={project.isReadOnly} onPress={() => runCommand('embeddings.make')}>
            Choose a model…
          </Button>
        </>
      }
    >
      <p>
        The map puts clips that sound alike beside each other. It needs an embedding: numbers that say how
        each of the {counted(project.clips, 'clip')} sounds. It is made here, and the map begins by itself
        once it is there.
      </p>
      {best && (
        <p className="small">
          {best.title}: {best.about}
        </p>
      )}
      {project.isReadOnly && <p className="warn">This project was opened for reading only.</p>}
    </EmptyState>
  );
}

export function NeedsMap(props: {
  readonly embedding: string;
  readonly rows: number;
  readonly isReadOnly: boolean;
}) {
  return (
    <EmptyState
      icon="map"
      title="No map yet"
      actions={
        <Button
          tone="primary"
          icon="map"
          isDisabled={props.isReadOnly}
          onPress={() => void startMap(props.embedding, mapSettings.parse({}))}
        >
          Make the map
        </Button>
      }
    >
      The embedding <bdi>{props.embedding}</bdi> holds {counted(props.rows, 'clip')}. A t-SNE map puts those
      that sound alike beside each other; other methods and settings are behind “New map…”.
    </EmptyState>
  );
}
