// The clips table with its facets and the bar of the selection.
import { useEffect, useMemo, useRef } from 'react';
import type { ClipRow } from '../../../shared/domain/clip.ts';
import { client, errorDataOf } from '../../lib/client.ts';
import { runCommand, useCommands } from '../../lib/commands.ts';
import { counted } from '../../lib/format.ts';
import { useProject } from '../../lib/project.ts';
import { useFilter } from '../../lib/state/filter.ts';
import { useLayout, useRowHeight } from '../../lib/state/layout.ts';
import { notify } from '../../lib/state/notices.ts';
import { useSelection } from '../../lib/state/selection.ts';
import { useSort } from '../../lib/state/sort.ts';
import {
  Button,
  EmptyState,
  ErrorNotice,
  Splitter,
  VirtualGrid,
  type VirtualGridHandle,
} from '../../ui/index.ts';
import { decide } from '../decisions/index.ts';
import { inListOrder, player } from '../player/index.ts';
import { clipColumns } from './columns.tsx';
import { Facets } from './Facets.tsx';
import { SelectionBar } from './SelectionBar.tsx';
import { useClipList } from './use-clip-list.ts';

/** Copying more rows than this as text is an export. */
const MOST_COPIED = 10_000;

export function ClipsView() {
  const filter = useFilter();
  const { sort, set: setSort } = useSort();
  const list = useClipList(filter.text, sort);
  const { ids, rowAt, onVisible } = list;
  const selection = useSelection();
  const { setList, moveTo, moveBy, selectAll, selected, cursorIndex, clear } = selection;
  const rowHeight = useRowHeight();
  const layout = useLayout();
  const project = useProject();
  const hasLabels = (project?.labels.length ?? 0) > 0;
  const hasRun = (project?.runs.length ?? 0) > 0;
  const columns = useMemo(
    () => clipColumns(rowHeight, { labels: hasLabels, run: hasRun }),
    [rowHeight, hasLabels, hasRun],
  );
  const grid = useRef<VirtualGridHandle>(null);

  useEffect(() => {
    if (!list.isPending) setList(ids);
  }, [ids, list.isPending, setList]);

  useCommands([
    {
      id: 'list.next',
      title: 'Next clip',
      group: 'List',
      keys: ['J'],
      isHidden: true,
      isRepeating: true,
      run: () => moveBy(1),
    },
    {
      id: 'list.previous',
      title: 'Previous clip',
      group: 'List',
      keys: ['K'],
      isHidden: true,
      isRepeating: true,
      run: () => moveBy(-1),
    },
    {
      id: 'list.arrows',
      title: 'Previous, next clip',
      group: 'List',
      keys: ['ArrowUp', 'ArrowDown'],
      isBuiltIn: true,
      run: () => {},
    },
    {
      id: 'list.ends',
      title: 'First, last clip',
      group: 'List',
      keys: ['Home', 'End'],
      isBuiltIn: true,
      run: () => {},
    },
    {
      id: 'list.extend',
      title: 'Extend the selection',
      group: 'List',
      keys: ['Shift+ArrowUp', 'Shift+ArrowDown'],
      isBuiltIn: true,
      run: () => {},
    },
    {
      id: 'list.toggle',
      title: 'Add a clip to the selection or take it out',
      group: 'List',
      keys: ['Mod+Space'],
      isBuiltIn: true,
      run: () => {},
    },
    {
      id: 'list.all',
      title: 'Select all clips of the filter',
      group: 'List',
      keys: ['Mod+A'],
      run: selectAll,
    },
    {
      id: 'list.copy',
      title: 'Copy the selected rows as text',
      group: 'List',
      keys: ['Mod+C'],
      isBuiltIn: true,
      run: () => {},
    },
    {
      id: 'list.escape',
      title: 'Step by step: no selection, filter as before',
      group: 'List',
      keys: ['Escape'],
      isHidden: true,
      run: () => {
        if (selected.size > 1) clear();
        else if (filter.text !== '') filter.back();
      },
    },
    {
      id: 'clips.facets',
      title: layout.areFacetsOpen ? 'Hide the facets' : 'Show the facets',
      group: 'Panels',
      keys: ['Mod+Shift+B'],
      run: () => layout.change({ areFacetsOpen: !layout.areFacetsOpen }),
    },
    {
      id: 'clips.default',
      title: 'Play all clips of the filter from here',
      group: 'Play',
      keys: ['Mod+Enter'],
      when: () => ids.length > 0,
      run: () => player.playAll(Array.from(ids.subarray(Math.max(0, cursorIndex)))),
    },
  ]);

  const rowsToCopy = async (): Promise<ClipRow[]> => {
    const wanted = inListOrder(
      selected.size > 1 ? [...selected] : selection.cursor === null ? [] : [selection.cursor],
    ).slice(0, MOST_COPIED);
    const wantedIds = new Set(wanted);
    const rows: ClipRow[] = [];
    // Read by pages of the list: the selection may reach beyond what is in memory.
    const first = ids.findIndex((id) => wantedIds.has(id));
    const last = ids.findLastIndex((id) => wantedIds.has(id));
    for (let offset = first; offset >= 0 && offset <= last; offset += 1000) {
      const page = await client.clips.page({ filter: filter.text, sort, offset, limit: 1000 });
      rows.push(...page.rows.filter((row) => wantedIds.has(row.id)));
    }
    return rows;
  };

  return (
    <section className="view clips" aria-label="Clips">
      <h1 className="visually-hidden">Clips</h1>
      <div className="clips-body">
        {layout.areFacetsOpen && (
          <>
            <aside className="clips-facets" aria-label="Facets" style={{ inlineSize: layout.facetsWidth }}>
              <Facets />
            </aside>
            <Splitter
              label="Width of the facets"
              panel="before"
              width={layout.facetsWidth}
              min={140}
              max={420}
              initial={184}
              onResize={(facetsWidth) => layout.change({ facetsWidth })}
            />
          </>
        )}
        <div className="clips-table">
          {list.error && ids.length === 0 ? (
            <ErrorNotice error={errorDataOf(list.error)} onRetry={list.refetch} />
          ) : (
            <VirtualGrid
              label="Clips"
              name="clips"
              handle={grid}
              autoFocus
              columns={columns}
              rowCount={ids.length}
              rowAt={rowAt}
              rowHeight={rowHeight}
              cursor={cursorIndex}
              onMove={moveTo}
              isSelected={(index) => selected.has(ids[index] ?? 0)}
              rowClass={(row) => (row.review === 'unusable' ? 'is-unusable' : undefined)}
              onActivate={(index, column) => {
                const id = ids[index];
                if (id === undefined) return;
                if (project?.isReadOnly) player.play(id, 0);
                else if (column === 'label') void decide.askLabel([id]);
                else if (column === 'note') void decide.askNote([id]);
                else if (column === 'review') void decide.askReason([id]);
                else if (column === 'transcript' && runCommand('decisions.transcript')) return;
                else player.play(id, 0);
              }}
              sort={sort}
              onSort={setSort}
              onVisible={onVisible}
              onSelectAll={selectAll}
              rowsToCopy={rowsToCopy}
              onCopied={(rows) => notify({ kind: 'done', text: `${counted(rows, 'row')} copied as text` })}
              empty={
                list.isPending ? null : filter.text !== '' ? (
                  <EmptyState
                    icon="filter"
                    title="No clip matches the filter"
                    actions={
                      <>
                        <Button onPress={filter.back}>Filter as before</Button>
                        <Button onPress={filter.clear}>Clear the filter</Button>
                      </>
                    }
                  >
                    <code dir="auto">{filter.text}</code>
                  </EmptyState>
                ) : (
                  <EmptyState
                    icon="clips"
                    title="No clips yet"
                    actions={
                      <Button tone="primary" icon="import" onPress={() => runCommand('dataset.import')}>
                        Import a dataset…
                      </Button>
                    }
                  >
                    {project?.name} holds no dataset. Import one, and its clips are listed here.
                  </EmptyState>
                )
              }
            />
          )}
        </div>
      </div>
      <SelectionBar />
    </section>
  );
}
