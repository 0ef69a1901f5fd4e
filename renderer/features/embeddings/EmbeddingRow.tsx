// One embedding of the list: its figures in words, and what can be done with it. Removing asks first.
import { useState } from 'react';
import type { EmbeddingSummary } from '../../../shared/contract/embeddings.ts';
import { client, errorDataOf } from '../../lib/client.ts';
import { useIsUnderWay } from '../../lib/events.ts';
import { count, counted, when } from '../../lib/format.ts';
import { notifyError } from '../../lib/state/notices.ts';
import { Button, TextField } from '../../ui/index.ts';
import { nameProblem } from './MakeDialog.tsx';
import { embedNewClips } from './use-embeddings.ts';

/** `onnxruntime-node 1.30, CPU; 4.1 ms per clip (95% within 6.0)`. */
function computedInWords({ computed }: EmbeddingSummary): string {
  const { backend, msPerClip } = computed;
  const pace = msPerClip
    ? `; ${msPerClip.median.toFixed(1)} ms per clip (95% within ${msPerClip.p95.toFixed(1)} ms, n=${count(msPerClip.clips)})`
    : '';
  return `${backend}${pace}`;
}

function neighboursInWords({ neighbours }: EmbeddingSummary): string {
  if (!neighbours) return 'no neighbours';
  const { k, metric, method, recall } = neighbours;
  const how =
    method === 'exact'
      ? 'exact'
      : `approximate${recall === null ? '' : `, ${(recall * 100).toFixed(1)}% of them found`}`;
  return `${count(k)} neighbours by ${metric} distance, ${how}`;
}

export function EmbeddingRow(props: {
  readonly embedding: EmbeddingSummary;
  readonly others: readonly string[];
  readonly isReadOnly: boolean;
}) {
  const { embedding, isReadOnly } = props;
  const { name, missing, failed } = embedding;
  const [mode, setMode] = useState<'shown' | 'renaming' | 'removing'>('shown');
  const isEmbedding = useIsUnderWay('embed');
  const attempt = async (task: () => Promise<unknown>) => {
    try {
      await task();
      setMode('shown');
    } catch (error) {
      notifyError(errorDataOf(error));
    }
  };
  if (mode === 'removing') {
    return (
      <li>
        <span>
          Remove <bdi className="embeddings-name">{name}</bdi>
          {embedding.maps > 0 ? ` and its ${counted(embedding.maps, 'map')}` : ''}?{' '}
          <span className="secondary">
            Clips, labels and runs stay. It can be made again{embedding.maps > 0 && ', but not by undo'}.
          </span>
        </span>
        <span className="embeddings-actions">
          <Button isSmall autoFocus onPress={() => setMode('shown')}>
            Keep it
          </Button>
          <Button
            isSmall
            tone="danger"
            onPress={() => void attempt(() => client.embeddings.remove({ name }))}
          >
            Remove
          </Button>
        </span>
      </li>
    );
  }
  if (mode === 'renaming') {
    return (
      <Renaming
        name={name}
        others={props.others}
        onCancel={() => setMode('shown')}
        onRename={(to) => attempt(() => client.embeddings.rename({ name, to }))}
      />
    );
  }
  return (
    <li>
      <span className="embeddings-words">
        <span>
          <bdi className="embeddings-name">{name}</bdi>
          {embedding.isInUse && <span className="right small"> in use</span>}
          <span className="secondary">
            {' '}
            {counted(embedding.rows, 'clip')}, {count(embedding.dimensions)} dimensions
          </span>
          {failed > 0 && <span className="warn">, {count(failed)} failed</span>}
          {missing > 0 && <span className="warn">, {count(missing)} not in it yet</span>}
        </span>
        <span className="secondary small">
          by{' '}
          {embedding.model.kind === 'builtin' || embedding.model.kind === 'file'
            ? embedding.model.name
            : 'the studio'}
          , {computedInWords(embedding)}
        </span>
        <span className="secondary small">
          {neighboursInWords(embedding)}, {embedding.maps === 0 ? 'no maps' : counted(embedding.maps, 'map')},{' '}
          {when(embedding.createdAt)}
        </span>
        {embedding.computed.notes.map((note) => (
          <span key={note} className="secondary small">
            {note}
          </span>
        ))}
      </span>
      <span className="embeddings-actions">
        {missing > 0 && (
          <Button
            isSmall
            tone="primary"
            isDisabled={isReadOnly || isEmbedding}
            onPress={() => void embedNewClips(name)}
          >
            Embed the {counted(missing, 'new clip')}
          </Button>
        )}
        {!embedding.isInUse && (
          <Button
            isSmall
            isDisabled={isReadOnly}
            onPress={() => void attempt(() => client.embeddings.use({ name }))}
          >
            Use
          </Button>
        )}
        <Button isSmall isDisabled={isReadOnly} onPress={() => setMode('renaming')}>
          Rename…
        </Button>
        <Button isSmall tone="danger" isDisabled={isReadOnly} onPress={() => setMode('removing')}>
          Remove…
        </Button>
      </span>
    </li>
  );
}

function Renaming(props: {
  readonly name: string;
  readonly others: readonly string[];
  readonly onCancel: () => void;
  readonly onRename: (to: string) => Promise<void>;
}) {
  const [newName, setNewName] = useState(props.name);
  const wanted = newName.trim();
  const problem = nameProblem(wanted, props.others, 'embedding');
  const isPossible = wanted !== '' && problem === null;
  const rename = () => {
    if (!isPossible) return;
    if (wanted === props.name) props.onCancel();
    else void props.onRename(wanted);
  };
  return (
    <li>
      <TextField
        label="New name of the embedding"
        isLabelHidden
        autoFocus
        value={newName}
        onChange={setNewName}
        onSubmit={rename}
        error={problem}
      />
      <span className="embeddings-actions">
        <Button isSmall onPress={props.onCancel}>
          Cancel
        </Button>
        <Button isSmall tone="primary" isDisabled={!isPossible} onPress={rename}>
          Rename
        </Button>
      </span>
    </li>
  );
}
