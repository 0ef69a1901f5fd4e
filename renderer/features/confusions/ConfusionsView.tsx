// Confusions: what the run in use heard, by label. A cell is a filter, and its clips can be played through.
import { useMemo, useRef, useState } from 'react';
import { errorDataOf } from '../../lib/client.ts';
import { useCommands } from '../../lib/commands.ts';
import { count, percentWithInterval } from '../../lib/format.ts';
import { useProject, useProjectState } from '../../lib/project.ts';
import { useFilter } from '../../lib/state/filter.ts';
import { notify, notifyError } from '../../lib/state/notices.ts';
import { goTo } from '../../lib/state/route.ts';
import { ErrorNotice, IconButton, Menu, SegmentedControl, Select, Spinner } from '../../ui/index.ts';
import {
  cellCondition,
  classConditions,
  fileName,
  type MatrixOrder,
  type Metrics,
  NoRun,
  NothingToCompare,
  narrowed,
  openClips,
  playThrough,
  pngOfSvg,
  RunPicker,
  saveBlob,
  saveText,
  useMetrics,
  useRunInUse,
} from '../metrics/index.ts';
import { CellClips, surestFirst } from './CellClips.tsx';
import { matrixAsSvg } from './export-picture.ts';
import { Legend } from './Legend.tsx';
import { Matrix, placeInWords } from './Matrix.tsx';
import { type CellFilter, splitFilter } from './matrix-filter.ts';
import type { Place } from './matrix-frame.ts';
import { zoomStep } from './matrix-layout.ts';
import { type MatrixMode, matrixAsCsv, matrixAsTsv, matrixOf } from './matrix-model.ts';
import { TopConfusions } from './TopConfusions.tsx';
import { changeViewSettings, useViewSettings } from './use-view-settings.ts';

const modes: readonly { readonly id: MatrixMode; readonly title: string }[] = [
  { id: 'counts', title: 'Counts' },
  { id: 'by-row', title: 'By row' },
  { id: 'by-column', title: 'By column' },
];

const orders: readonly { readonly id: MatrixOrder; readonly title: string; readonly detail: string }[] = [
  { id: 'name', title: 'Name', detail: 'digits by value' },
  { id: 'support', title: 'Support', detail: 'most clips first' },
  { id: 'error', title: 'Error', detail: 'most errors first' },
  { id: 'similarity', title: 'Similarity', detail: 'confused labels side by side' },
];

export function ConfusionsView() {
  const project = useProject();
  const state = useProjectState();
  const run = useRunInUse();
  const text = useFilter((filter) => filter.text);
  const { mode, order } = useViewSettings();
  const cell = splitFilter(text, run ?? '', run === project?.runInUse);
  const query = useMetrics(run, cell.context, order);
  const { data } = query;

  return (
    <section className="view confusions" aria-label="Confusions">
      <header className="view-head">
        <h1>Confusions</h1>
        {run !== null && (
          <>
            <RunPicker />
            <SegmentedControl
              label="Numbers in the cells"
              options={modes}
              value={mode}
              onChange={(next) => changeViewSettings({ mode: next })}
            />
            <div className="confusions-order">
              <Select
                label="Order"
                isLabelHidden
                options={orders}
                value={order}
                onChange={(next) => changeViewSettings({ order: next })}
              />
            </div>
          </>
        )}
      </header>
      <div className="view-body confusions-body">
        {run === null ? (
          !state.isPending && <NoRun what="Confusions show which words a model takes for which." />
        ) : query.isError && !data ? (
          <ErrorNotice error={errorDataOf(query.error)} onRetry={() => void query.refetch()} />
        ) : !data ? (
          <div className="confusions-wait">
            <Spinner label="Counting…" />
          </div>
        ) : data.n === 0 ? (
          <NothingToCompare
            leftOut={data.leftOut}
            onClear={text === '' ? null : () => useFilter.getState().clear()}
          />
        ) : (
          <Confusions metrics={data} cell={cell} runInUse={project?.runInUse ?? null} />
        )}
      </div>
    </section>
  );
}

function Confusions(props: {
  readonly metrics: Metrics;
  readonly cell: CellFilter;
  readonly runInUse: string | null;
}) {
  const { metrics, cell, runInUse } = props;
  const { mode, zoom } = useViewSettings();
  const { run, labels, classes } = metrics;
  const runName = run === runInUse ? null : run;
  const matrix = useMemo(() => matrixOf(labels, metrics.matrix), [labels, metrics.matrix]);
  const places = useMemo(() => new Map(labels.map((label, index) => [label, index])), [labels]);
  const [hovered, setHovered] = useState<string | null>(null);
  // By label, so that another order or filter leaves the cursor on its cell.
  const [at, setAt] = useState<{ readonly given: string; readonly predicted: string | number } | null>(null);
  const n = labels.length;
  const shownCell = useRef<number>(zoom === 'fit' ? 0 : zoom);

  const placeOf = (given: string | null, predicted: string | number | null): Place | null => {
    const row = given === null ? undefined : places.get(given);
    const column = typeof predicted === 'number' ? n + predicted : places.get(predicted ?? '');
    return row === undefined || column === undefined ? null : { row, column };
  };
  const chosen = placeOf(cell.given, cell.predicted);
  const cursor = at ? placeOf(at.given, at.predicted) : chosen;

  const conditionOf = (given: string, predicted: string) => cellCondition(run, runInUse, given, predicted);
  const labelsOf = ({ row, column }: Place): [string, string] => [labels[row] ?? '', labels[column] ?? ''];
  const choose = (given: string, predicted: string) => {
    const next = narrowed(cell.context, conditionOf(given, predicted));
    setAt({ given, predicted });
    // Enter on the chosen cell goes on to its clips.
    if (next === useFilter.getState().text) goTo('clips');
    else useFilter.getState().set(next);
  };
  const open = (given: string, predicted: string) => openClips(conditionOf(given, predicted), cell.context);
  const play = (given: string, predicted: string) => {
    const next = narrowed(cell.context, conditionOf(given, predicted));
    useFilter.getState().set(next);
    setAt({ given, predicted });
    void playThrough(next, surestFirst);
  };
  const playCursor = () => {
    const place = cursor && cursor.column < n ? cursor : chosen;
    if (place) play(...labelsOf(place));
  };

  const caption = `${run}: accuracy ${percentWithInterval(metrics.accuracy, metrics.accuracyInterval)}, n=${metrics.n}${cell.context ? `, ${cell.context}` : ''}`;
  const save = async (kind: 'svg' | 'png' | 'csv') => {
    try {
      const name = fileName(`confusions ${run}${mode === 'counts' ? '' : ` ${mode}`}`, kind);
      if (kind === 'csv') {
        saveText(matrixAsCsv(matrix, mode), name, 'text/csv');
      } else {
        const picture = matrixAsSvg(matrix, mode, caption);
        if (kind === 'svg') saveText(picture.svg, name, 'image/svg+xml');
        else saveBlob(await pngOfSvg(picture.svg, picture, picture.width > 3000 ? 1 : 2), name);
      }
      notify({ kind: 'done', text: `${name} is in your downloads` });
    } catch (error) {
      notifyError(errorDataOf(error));
    }
  };
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(matrixAsTsv(matrix, mode));
      notify({ kind: 'done', lead: 'copied', text: `${n} × ${n} as a table` });
    } catch (error) {
      notifyError(errorDataOf(error));
    }
  };
  const zoomBy = (direction: 1 | -1) => changeViewSettings({ zoom: zoomStep(shownCell.current, direction) });

  const hasCell = () => cursor !== null || chosen !== null;
  useCommands([
    {
      id: 'confusions.play',
      title: 'Play through the cell',
      group: 'Confusions',
      keys: ['P'],
      when: hasCell,
      run: playCursor,
    },
    {
      id: 'confusions.default',
      title: 'Show the clips of the cell',
      group: 'Confusions',
      keys: ['Mod+Enter'],
      when: hasCell,
      run: () => {
        const place = cursor && cursor.column < n ? cursor : chosen;
        if (place) open(...labelsOf(place));
      },
    },
    {
      id: 'confusions.copy',
      title: 'Copy the matrix as a table',
      group: 'Confusions',
      run: () => void copy(),
    },
    {
      id: 'confusions.csv',
      title: 'Save the matrix as CSV',
      group: 'Confusions',
      run: () => void save('csv'),
    },
    {
      id: 'confusions.svg',
      title: 'Save the matrix as SVG',
      group: 'Confusions',
      run: () => void save('svg'),
    },
    {
      id: 'confusions.png',
      title: 'Save the matrix as PNG',
      group: 'Confusions',
      run: () => void save('png'),
    },
    {
      id: 'confusions.keys',
      title: 'Next cell with clips in that direction',
      group: 'Confusions',
      keys: ['Mod+ArrowRight'],
      isBuiltIn: true,
      run: () => {},
    },
  ]);

  return (
    <div className="confusions-frame">
      <div className="confusions-main">
        <div className="confusions-tools">
          <p className="confusions-accuracy ellipsis">
            <span className="secondary">accuracy</span>{' '}
            <strong>{percentWithInterval(metrics.accuracy, metrics.accuracyInterval)}</strong>{' '}
            <span className="secondary">
              n={count(metrics.n)}
              {metrics.leftOut > 0 && `, ${count(metrics.leftOut)} without a label or prediction`}
            </span>
          </p>
          <Legend mode={mode} largest={matrix.largest} />
          <IconButton icon="zoomOut" title="Smaller cells" keys="-" onPress={() => zoomBy(-1)} />
          <IconButton icon="zoomIn" title="Larger cells" keys="+" onPress={() => zoomBy(1)} />
          <IconButton
            icon="fit"
            title="The whole matrix"
            onPress={() => changeViewSettings({ zoom: 'fit' })}
          />
          <IconButton
            icon="play"
            title="Play through the cell"
            keys="P"
            isDisabled={!hasCell()}
            onPress={playCursor}
          />
          <Menu
            label="Copy or save the matrix"
            groups={[
              {
                entries: [
                  { id: 'tsv', title: 'Copy as a table (TSV)', icon: 'copy', run: () => void copy() },
                  { id: 'csv', title: 'Save as CSV', icon: 'table', run: () => void save('csv') },
                  { id: 'svg', title: 'Save as SVG', icon: 'export', run: () => void save('svg') },
                  { id: 'png', title: 'Save as PNG', icon: 'export', run: () => void save('png') },
                ],
              },
            ]}
          >
            <IconButton icon="export" title="Copy or save the matrix" />
          </Menu>
        </div>
        <Matrix
          matrix={matrix}
          figures={classes}
          mode={mode}
          zoom={zoom}
          onZoom={(next) => changeViewSettings({ zoom: next })}
          onCell={(size) => {
            shownCell.current = size;
          }}
          cursor={cursor}
          onMove={({ row, column }) =>
            setAt({ given: labels[row] ?? '', predicted: column >= n ? column - n : (labels[column] ?? '') })
          }
          chosen={chosen}
          onChoose={(place) => choose(...labelsOf(place))}
          onOpen={(place) => open(...labelsOf(place))}
          onPlay={(place) => {
            if (place.column < n) play(...labelsOf(place));
          }}
          onHover={setHovered}
          hasClips={chosen !== null}
          onDoor={(door) => {
            if (door.at === 'column' || door.at === 'precision') {
              const label = labels[door.at === 'column' ? door.column : door.row] ?? '';
              openClips(classConditions.predicted(label, runName), cell.context);
            } else openClips(classConditions.support(labels[door.row] ?? ''), cell.context);
          }}
        />
        <p className="confusions-words ellipsis">
          {hovered ?? (cursor ? placeInWords(matrix, classes, cursor) : metrics.notes.join(' '))}
        </p>
      </div>
      <div className="confusions-side side-pane">
        {chosen && cell.given !== null && cell.predicted !== null && (
          <CellClips
            given={cell.given}
            predicted={cell.predicted}
            filter={narrowed(cell.context, conditionOf(cell.given, cell.predicted))}
            onPlay={() => play(cell.given ?? '', cell.predicted ?? '')}
            onOpen={() => goTo('clips')}
            onClose={() => useFilter.getState().set(cell.context)}
          />
        )}
        <TopConfusions confusions={metrics.topConfusions} onChoose={choose} onOpen={open} onPlay={play} />
      </div>
    </div>
  );
}
