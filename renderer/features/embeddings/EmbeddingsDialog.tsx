// The embeddings of the project: which one is in use, clips that came later, other names, and taking one out.
import type { ProjectInfo } from '../../../shared/contract/project.ts';
import { errorDataOf } from '../../lib/client.ts';
import { runCommand } from '../../lib/commands.ts';
import { Button, Dialog, EmptyState, ErrorNotice, Spinner } from '../../ui/index.ts';
import { EmbeddingRow } from './EmbeddingRow.tsx';
import { useEmbeddings } from './use-embeddings.ts';

export function EmbeddingsDialog(props: {
  readonly project: ProjectInfo;
  readonly onOpen: (which: 'make' | 'probabilities') => void;
  readonly onClose: () => void;
}) {
  const { project, onOpen, onClose } = props;
  const { data, isPending, error, refetch } = useEmbeddings();
  const canMake = !project.isReadOnly && project.clips > 0;
  return (
    <Dialog
      title="Embeddings"
      size="large"
      isOpen
      onClose={onClose}
      footnote="The one in use gives neighbours, class geometry and few-shot keywords."
      actions={
        <>
          {data && data.length > 0 && (
            <Button icon="run" isDisabled={!canMake} onPress={() => onOpen('probabilities')}>
              Probabilities…
            </Button>
          )}
          <Button
            icon="file"
            isDisabled={!canMake}
            onPress={() => {
              onClose();
              runCommand('models.run');
            }}
          >
            With a model…
          </Button>
          <Button icon="plus" isDisabled={!canMake} onPress={() => onOpen('make')}>
            Make an embedding…
          </Button>
        </>
      }
    >
      {isPending && <Spinner label="Reading the embeddings" />}
      {error && <ErrorNotice error={errorDataOf(error)} onRetry={() => void refetch()} />}
      {data?.length === 0 && (
        <EmptyState icon="map" title="No embeddings yet">
          An embedding places clips that sound alike close together. The studio makes one by itself: for
          neighbours, maps, distances of classes, and probabilities without any model of yours.
        </EmptyState>
      )}
      <ul className="embeddings-list">
        {data?.map((embedding) => (
          <EmbeddingRow
            key={embedding.name}
            embedding={embedding}
            others={data.filter((other) => other !== embedding).map(({ name }) => name)}
            isReadOnly={project.isReadOnly}
          />
        ))}
      </ul>
    </Dialog>
  );
}
