// Every decision: when, who, what, on how many clips, and whether it still stands. One old step can be taken back by
// itself; clips that were changed again since are left alone.
import { useState } from 'react';
import { errorDataOf } from '../../lib/client.ts';
import { runCommand, useCommands } from '../../lib/commands.ts';
import { count, counted, when } from '../../lib/format.ts';
import { useProject } from '../../lib/project.ts';
import { useRowHeight } from '../../lib/state/layout.ts';
import { goTo } from '../../lib/state/route.ts';
import { useSelection } from '../../lib/state/selection.ts';
import {
  Button,
  EmptyState,
  ErrorNotice,
  type GridColumn,
  SegmentedControl,
  VirtualGrid,
} from '../../ui/index.ts';
import { decide } from '../decisions/index.ts';
import { BatchDetail } from './BatchDetail.tsx';
import { ClipEvents } from './ClipEvents.tsx';
import { showClips } from './clips-of-batch.ts';
import { inWords } from './in-words.ts';
import { type Batch, useBatches } from './use-batches.ts';

function stateOf(row: Batch): string {
  if (!row.isUndone) return '';
  return row.kind === 'undo' ? 'redone' : 'undone';
}

/** A step about files alone says so: its number is none of clips. */
function reachOf({ clips, files }: Batch): string {
  return clips === 0 && files > 0 ? counted(files, 'file') : count(clips);
}

const columns: readonly GridColumn<Batch>[] = [
  {
    id: 'at',
    title: 'When',
    width: 170,
    cell: (row) => <span className="secondary">{when(row.at)}</span>,
    text: (row) => row.at,
  },
  {
    id: 'by',
    title: 'Who',
    width: 110,
    cell: (row) => <bdi className="ellipsis">{row.by}</bdi>,
    text: (row) => row.by,
  },
  {
    id: 'what',
    title: 'What',
    width: 280,
    isFlexible: true,
    cell: (row) => (
      <bdi className={row.isUndone ? 'history-undone ellipsis' : 'ellipsis'}>{inWords(row)}</bdi>
    ),
    text: inWords,
  },
  {
    id: 'clips',
    title: 'Clips',
    width: 72,
    align: 'end',
    cell: (row) => reachOf(row),
    text: reachOf,
  },
  {
    id: 'state',
    title: 'State',
    width: 84,
    cell: (row) => <span className="secondary">{stateOf(row)}</span>,
    text: stateOf,
  },
];

export function HistoryView() {
  const project = useProject();
  const { total, rowAt, error, refetch, onVisible } = useBatches();
  const [cursor, setCursor] = useState(0);
  const [of, setOf] = useState<'all' | 'clip'>('all');
  const clipId = useSelection((state) => state.cursor);
  const rowHeight = useRowHeight();
  const row = rowAt(Math.min(cursor, Math.max(0, (total ?? 0) - 1)));
  const canUndo =
    row !== undefined && !row.isUndone && row.kind === 'decision' && project?.isReadOnly === false;
  useCommands([
    {
      id: 'history.default',
      title: 'Show the clips of this step',
      group: 'History',
      keys: ['Mod+Enter'],
      when: () => row !== undefined && row.clips > 0 && of === 'all',
      run: () => {
        if (row) void showClips(row.batch);
      },
    },
    {
      id: 'history.undo',
      title: 'Take this step back',
      group: 'History',
      keys: ['Alt+Backspace'],
      when: () => canUndo && of === 'all',
      run: () => {
        if (row) void decide.undo(row.batch);
      },
    },
  ]);
  if (!project) return null;
  return (
    <section className="view" aria-label="History">
      <header className="view-head">
        <h1>History</h1>
        <SegmentedControl
          label="Of which clips"
          value={of}
          onChange={setOf}
          options={[
            { id: 'all', title: 'All steps' },
            { id: 'clip', title: 'Of the clip under the cursor' },
          ]}
        />
        {total !== null && (
          <span className="secondary ellipsis">
            {counted(total, 'step')}
            {project.decisions > 0 && `, ${counted(project.decisions, 'event')} in the log`}
          </span>
        )}
        <span className="history-tools">
          <span className="secondary">
            You are <bdi>{project.by}</bdi>
          </span>
          <Button isSmall isDisabled={project.isReadOnly} onPress={() => runCommand('project.name')}>
            Your name…
          </Button>
          <Button isSmall onPress={() => runCommand('project.check')}>
            Check the project
          </Button>
        </span>
      </header>
      {of === 'clip' ? (
        <div className="view-body view-pad">
          <ClipEvents clipId={clipId} />
        </div>
      ) : error ? (
        <ErrorNotice error={errorDataOf(error)} onRetry={refetch} />
      ) : total === 0 ? (
        <EmptyState
          icon="history"
          title="No decisions yet"
          actions={
            <Button tone="primary" icon="review" onPress={() => goTo('review')}>
              Begin a review
            </Button>
          }
        >
          Every relabelling, review and note is listed here with who made it, and can be taken back, one by
          one, also after a restart.
        </EmptyState>
      ) : (
        <div className="history-body">
          <VirtualGrid
            label="Steps, newest first"
            name="history"
            columns={columns}
            rowCount={total ?? 0}
            rowAt={rowAt}
            rowHeight={rowHeight}
            cursor={cursor}
            onMove={setCursor}
            isSelected={(index) => index === cursor}
            onActivate={(index) => {
              const activated = rowAt(index);
              if (activated && activated.clips > 0) void showClips(activated.batch);
            }}
            onVisible={onVisible}
            isClipList={false}
            autoFocus
          />
          {row && <BatchDetail key={row.batch} batch={row} canUndo={canUndo} />}
        </div>
      )}
    </section>
  );
}
