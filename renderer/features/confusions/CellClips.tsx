// The clips of the cell that the filter names: surest mistake first, ready to play and to relabel.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { ClipRow } from '../../../shared/domain/clip.ts';
import { calls, errorDataOf } from '../../lib/client.ts';
import { count, counted, probability } from '../../lib/format.ts';
import { useRowHeight } from '../../lib/state/layout.ts';
import { useSelection } from '../../lib/state/selection.ts';
import { Button, ErrorNotice, type GridColumn, IconButton, VirtualGrid } from '../../ui/index.ts';

/** Shown at once; the Clips view shows all. */
const SHOWN = 500;
export const surestFirst = { field: 'confidence', descending: true } as const;

const columns: readonly GridColumn<ClipRow>[] = [
  {
    id: 'path',
    title: 'Clip',
    width: 130,
    isFlexible: true,
    cell: (row) => (
      <bdi className="ellipsis" title={row.path}>
        {row.path}
      </bdi>
    ),
    text: (row) => row.path,
  },
  {
    id: 'given',
    title: 'p(given)',
    width: 74,
    align: 'end',
    cell: (row) => probability(row.givenProbability),
    text: (row) => String(row.givenProbability ?? ''),
  },
  {
    id: 'confidence',
    title: 'p(pred.)',
    width: 74,
    align: 'end',
    cell: (row) => probability(row.confidence),
    text: (row) => String(row.confidence ?? ''),
  },
];

export function CellClips(props: {
  readonly given: string;
  readonly predicted: string;
  readonly filter: string;
  readonly onPlay: () => void;
  readonly onOpen: () => void;
  readonly onClose: () => void;
}) {
  const { given, predicted, filter } = props;
  const rowHeight = useRowHeight();
  const query = useQuery({
    ...calls.clips.page.queryOptions({ input: { filter, sort: surestFirst, offset: 0, limit: SHOWN } }),
    placeholderData: keepPreviousData,
  });
  const { data, isPlaceholderData } = query;
  const cursorIndex = useSelection((state) => state.cursorIndex);
  const list = useSelection((state) => state.list);
  const selected = useSelection((state) => state.selected);
  const { setList, moveTo, selectAll } = useSelection.getState();

  useEffect(() => {
    if (data && !isPlaceholderData) setList(data.rows.map(({ id }) => id));
  }, [data, isPlaceholderData, setList]);

  const rows = data?.rows ?? [];
  const isInFront = rows.length > 0 && list.length === rows.length && list[0] === rows[0]?.id;
  const matched = data?.matched ?? 0;
  return (
    <section className="confusions-cell" aria-labelledby="confusions-cell">
      <header>
        <h2 id="confusions-cell" className="ellipsis">
          <bdi>{given}</bdi> <span className="secondary">heard as</span> <bdi>{predicted}</bdi>
        </h2>
        <span className="secondary">{data && !isPlaceholderData ? counted(matched, 'clip') : ''}</span>
        <IconButton icon="close" title="Take the cell out of the filter" onPress={props.onClose} />
      </header>
      <div className="confusions-cell-actions">
        <Button isSmall icon="play" keys="P" onPress={props.onPlay} isDisabled={matched === 0}>
          Play {matched > 1 ? 'all' : ''}
        </Button>
        <Button isSmall icon="clips" onPress={props.onOpen}>
          Show in Clips
        </Button>
      </div>
      <div className="confusions-cell-list">
        {query.isError ? (
          <ErrorNotice error={errorDataOf(query.error)} onRetry={() => void query.refetch()} />
        ) : (
          <VirtualGrid
            label={`Clips labelled ${given} and heard as ${predicted}`}
            name="confusion-cell"
            columns={columns}
            rowCount={rows.length}
            rowAt={(index) => rows[index]}
            rowHeight={rowHeight}
            cursor={isInFront ? cursorIndex : -1}
            onMove={moveTo}
            isSelected={(index) => selected.has(rows[index]?.id ?? -1)}
            onSelectAll={selectAll}
            onActivate={props.onOpen}
            empty={data ? <p className="confusions-none secondary">No clips in this cell any more.</p> : null}
          />
        )}
      </div>
      {matched > SHOWN && <p className="secondary small">The first {count(SHOWN)}; Clips shows all.</p>}
    </section>
  );
}
