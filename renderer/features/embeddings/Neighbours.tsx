// The clips that sound like a clip, nearest first: play each, see where its label differs, go to it.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type CSSProperties, type KeyboardEvent, useRef, useState } from 'react';
import type { Neighbour } from '../../../shared/contract/embeddings.ts';
import { calls, errorDataOf } from '../../lib/client.ts';
import { runCommand } from '../../lib/commands.ts';
import { count } from '../../lib/format.ts';
import { useProject } from '../../lib/project.ts';
import { useSelection } from '../../lib/state/selection.ts';
import { Button, ErrorNotice, Spinner } from '../../ui/index.ts';
import { PlayButton, player, playOrPause } from '../player/index.ts';
import { sameLabelInWords } from './neighbour-words.ts';
import { embedNewClips, useEmbeddings } from './use-embeddings.ts';

const FIRST = 8;
const MORE = 50;

export function Neighbours(props: { readonly clipId: number; readonly label: string | null }) {
  const { clipId, label } = props;
  const project = useProject();
  const [isExpanded, setIsExpanded] = useState(false);
  const embeddings = useEmbeddings();
  // Known for all clips at once: asked clip by clip, what is below would move at each of them.
  const hasNone = embeddings.data?.length === 0;
  const query = useQuery({
    ...calls.embeddings.neighbours.queryOptions({
      input: { clip: clipId, embedding: null, k: isExpanded ? MORE : FIRST },
    }),
    placeholderData: keepPreviousData,
    enabled: embeddings.data !== undefined && !hasNone,
  });
  const { data } = query;
  const isEmpty = data?.neighbours.length === 0;
  const canChange = project !== null && !project.isReadOnly;
  const failed = query.error ?? embeddings.error;
  if (failed) {
    const again = query.error ? query.refetch : embeddings.refetch;
    return <ErrorNotice error={errorDataOf(failed)} onRetry={() => void again()} />;
  }
  if (hasNone) {
    return (
      <div className="neighbours-none">
        <p className="secondary">
          The clips that sound like this one are found by an embedding, and there is none yet.
        </p>
        <Button isSmall isDisabled={!canChange} onPress={() => runCommand('embeddings.make')}>
          Make an embedding…
        </Button>
      </div>
    );
  }
  if (!data)
    return (
      <div className="neighbours-waiting" style={{ '--rows': FIRST } as CSSProperties}>
        <Spinner label="Looking for clips that sound alike" />
      </div>
    );
  if (isEmpty) {
    const missing = embeddings.inUse?.missing ?? 0;
    return (
      <div className="neighbours-none">
        <p className="secondary">
          This clip is not in the embedding <bdi>{data.embedding}</bdi>
          {missing > 0 ? '.' : ', or could not be embedded.'}
        </p>
        {missing > 0 && (
          <Button isSmall isDisabled={!canChange} onPress={() => void embedNewClips(data.embedding)}>
            Embed the {count(missing)} new {missing === 1 ? 'clip' : 'clips'}
          </Button>
        )}
      </div>
    );
  }
  return (
    <div className={query.isPlaceholderData ? 'neighbours-stale' : ''} aria-busy={query.isPlaceholderData}>
      <p className="secondary">{sameLabelInWords(data.neighbours, label)}</p>
      <List neighbours={data.neighbours} label={label} />
      <div className="neighbours-foot">
        <Button
          isSmall
          icon="play"
          onPress={() => player.playAll(data.neighbours.map((neighbour) => neighbour.clipId))}
        >
          Play all
        </Button>
        <Button isSmall tone="quiet" onPress={() => setIsExpanded(!isExpanded)}>
          {isExpanded ? 'Fewer' : 'More'}
        </Button>
        <span className="secondary small ellipsis">
          <bdi>{data.embedding}</bdi>
        </span>
      </div>
    </div>
  );
}

/** Arrow keys move along the rows, Space plays the row, Enter goes to its clip. */
function List(props: { readonly neighbours: readonly Neighbour[]; readonly label: string | null }) {
  const list = useRef<HTMLOListElement>(null);
  const doors = () => [...(list.current?.querySelectorAll<HTMLElement>('.neighbours-door') ?? [])];
  const onKeyDown = (event: KeyboardEvent) => {
    const rows = doors();
    const at = rows.findIndex((door) => door.closest('li')?.contains(document.activeElement));
    if (at < 0) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      rows[at + (event.key === 'ArrowDown' ? 1 : -1)]?.focus();
    } else if (event.key === ' ') {
      const neighbour = props.neighbours[at];
      if (neighbour) playOrPause(neighbour.clipId);
    } else return;
    event.preventDefault();
  };
  return (
    <ol ref={list} className="neighbours" aria-label="Clips that sound like this one" onKeyDown={onKeyDown}>
      {props.neighbours.map((neighbour) => (
        <Row key={neighbour.clipId} neighbour={neighbour} label={props.label} />
      ))}
    </ol>
  );
}

function Row({ neighbour, label }: { readonly neighbour: Neighbour; readonly label: string | null }) {
  const { clipId, path, speaker, distance } = neighbour;
  const differs = neighbour.label !== label;
  return (
    <li className="neighbours-row">
      <PlayButton clipId={clipId} of={path} className="neighbours-play" iconSize={12} />
      <button
        type="button"
        className="neighbours-door"
        title={`${path}: go to this clip`}
        onClick={() => useSelection.getState().show(clipId)}
      >
        <span className={`ellipsis${differs ? ' wrong' : ''}`} dir="auto">
          {differs && <span aria-hidden="true">≠ </span>}
          {neighbour.label ?? 'no label'}
          {differs && <span className="visually-hidden">, another label</span>}
        </span>
        <span className="ellipsis secondary" dir="auto">
          {speaker}
        </span>
        <span className="numeric secondary">
          <span className="visually-hidden">distance </span>
          {distance.toFixed(3)}
        </span>
      </button>
    </li>
  );
}
