// The columns of the classes table. Each figure is a door to the clips that it counts.
import type { ReactNode } from 'react';
import { count, percent, percentInterval } from '../../lib/format.ts';
import type { GridColumn } from '../../ui/index.ts';
import { type ClassFigures, classConditions, IntervalBar, openClips } from '../metrics/index.ts';

type ClassColumn = GridColumn<ClassFigures>;

/** The clips behind a cell of the table; null = no clips of their own. `run` null = the run in use. */
export function doorOf(figures: ClassFigures, columnId: string, run: string | null): string | null {
  const { label } = figures;
  switch (columnId) {
    case 'predicted':
    case 'precision':
      return classConditions.predicted(label, run);
    case 'missed':
      return classConditions.missed(label, run);
    case 'falseAlarms':
      return classConditions.falseAlarms(label, run);
    default:
      return classConditions.support(label);
  }
}

function Door(props: {
  readonly figures: ClassFigures;
  readonly column: string;
  readonly run: string | null;
  readonly children: ReactNode;
  readonly title?: string;
}) {
  const condition = doorOf(props.figures, props.column, props.run);
  return (
    // The grid is one tab stop: Enter in a cell opens the same door.
    <button
      type="button"
      tabIndex={-1}
      className="door ellipsis"
      title={props.title}
      onClick={() => condition && openClips(condition)}
    >
      {props.children}
    </button>
  );
}

function undefinedNote(figures: ClassFigures, what: 'precision' | 'recall' | 'f1'): string {
  if (what === 'precision') return `Undefined: nothing was predicted as ${figures.label}`;
  if (what === 'recall') return `Undefined: no clip is labelled ${figures.label}`;
  return `Undefined: ${figures.label} is neither given nor predicted here`;
}

function shareColumn(
  id: 'precision' | 'recall' | 'f1',
  title: string,
  run: string | null,
  intervalOf: (figures: ClassFigures) => readonly [number, number] | null,
): ClassColumn {
  return {
    id,
    title,
    width: 184,
    align: 'end',
    sortField: id,
    cell: (figures) => {
      const value = figures[id];
      if (value === null)
        return (
          <span className="secondary" title={undefinedNote(figures, id)}>
            –<span className="visually-hidden"> {undefinedNote(figures, id)}</span>
          </span>
        );
      return (
        <span className="classes-share">
          <IntervalBar value={value} interval={intervalOf(figures)} />
          <Door figures={figures} column={id} run={run}>
            {percent(value)}
          </Door>
          <span className="classes-interval secondary small">{percentInterval(intervalOf(figures))}</span>
        </span>
      );
    },
    text: (figures) => (figures[id] === null ? '' : (figures[id] as number).toFixed(4)),
  };
}

function countColumn(
  id: string,
  title: string,
  width: number,
  run: string | null,
  numberOf: (figures: ClassFigures) => number,
  sortField?: string,
): ClassColumn {
  return {
    id,
    title,
    width,
    align: 'end',
    ...(sortField ? { sortField, sortsDescendingFirst: true } : {}),
    cell: (figures) => {
      const value = numberOf(figures);
      return value === 0 ? (
        <span className="secondary">0</span>
      ) : (
        <Door figures={figures} column={id} run={run}>
          {count(value)}
        </Door>
      );
    },
    text: (figures) => String(numberOf(figures)),
  };
}

function rankColumn(
  id: 'rocAuc' | 'averagePrecision',
  title: string,
  hasProbabilities: boolean,
): ClassColumn {
  return {
    id,
    title,
    width: 80,
    align: 'end',
    sortField: id,
    cell: (figures) => {
      const value = figures[id];
      if (value !== null) return value.toFixed(4);
      const note = hasProbabilities
        ? 'Undefined: it needs clips with this label and clips without'
        : 'Needs probabilities; this run has labels only';
      return (
        <span className="secondary" title={note}>
          –<span className="visually-hidden"> {note}</span>
        </span>
      );
    },
    text: (figures) => figures[id]?.toFixed(6) ?? '',
  };
}

export function columnsOf(run: string | null, hasProbabilities: boolean): readonly ClassColumn[] {
  return [
    {
      id: 'label',
      title: 'Label',
      width: 84,
      isFlexible: true,
      sortField: 'label',
      cell: (figures) => (
        <Door figures={figures} column="label" run={run} title={figures.label}>
          <bdi>{figures.label}</bdi>
        </Door>
      ),
      text: (figures) => figures.label,
    },
    countColumn('support', 'Support', 74, run, ({ support }) => support, 'support'),
    countColumn('predicted', 'Predicted', 86, run, ({ predicted }) => predicted, 'predicted'),
    shareColumn('precision', 'Precision', run, (figures) => figures.precisionInterval),
    shareColumn('recall', 'Recall', run, (figures) => figures.recallInterval),
    shareColumn('f1', 'F1', run, (figures) => figures.f1Interval),
    countColumn('missed', 'Missed', 70, run, ({ support, correct }) => support - correct),
    countColumn('falseAlarms', 'False', 62, run, ({ predicted, correct }) => predicted - correct),
    rankColumn('rocAuc', 'ROC AUC', hasProbabilities),
    rankColumn('averagePrecision', 'AP', hasProbabilities),
  ];
}
