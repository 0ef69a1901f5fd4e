// Classes: the figures of the run in use, label by label and over all, for the clips of the filter.
import { type ReactNode, useMemo, useState } from 'react';
import { errorDataOf } from '../../lib/client.ts';
import { useCommands } from '../../lib/commands.ts';
import { count } from '../../lib/format.ts';
import { useProject, useProjectState } from '../../lib/project.ts';
import { useFilter } from '../../lib/state/filter.ts';
import { notify, notifyError } from '../../lib/state/notices.ts';
import { remember, remembered } from '../../lib/storage.ts';
import { Button, ErrorNotice, SegmentedControl, Spinner } from '../../ui/index.ts';
import {
  type ClassFigures,
  fileName,
  type Metrics,
  NoRun,
  NothingToCompare,
  openClips,
  RunPicker,
  saveText,
  useMetrics,
  useRunInUse,
} from '../metrics/index.ts';
import { columnsOf, doorOf } from './columns.tsx';
import { Figures } from './Figures.tsx';
import { GeometryPart } from './geometry/GeometryPart.tsx';
import { LabelGrid } from './LabelGrid.tsx';
import { Reliability } from './Reliability.tsx';

const parts = [
  { id: 'figures', title: 'Figures' },
  { id: 'geometry', title: 'Geometry' },
] as const;
type Part = (typeof parts)[number]['id'];

export function ClassesView() {
  const [part, setPart] = useState(() =>
    remembered<Part>('classes.part', 'figures', (value) => parts.some(({ id }) => id === value)),
  );
  const choose = (next: Part) => {
    setPart(next);
    remember('classes.part', next);
  };
  useCommands([
    {
      id: 'classes.figures',
      title: 'Classes: figures of the run',
      group: 'Classes',
      run: () => choose('figures'),
    },
    { id: 'classes.geometry', title: 'Classes: geometry', group: 'Classes', run: () => choose('geometry') },
  ]);
  const choice = <SegmentedControl label="What is shown" options={parts} value={part} onChange={choose} />;
  if (part === 'figures') return <FiguresPart choice={choice} />;
  return (
    <section className="view classes" aria-label="Classes">
      <header className="view-head">
        <h1>Classes</h1>
        {choice}
      </header>
      <div className="view-body classes-body">
        <GeometryPart />
      </div>
    </section>
  );
}

function FiguresPart({ choice }: { readonly choice: ReactNode }) {
  const state = useProjectState();
  const run = useRunInUse();
  const filter = useFilter(({ text }) => text);
  const query = useMetrics(run, filter, 'name');
  const { data } = query;
  return (
    <section className="view classes" aria-label="Classes">
      <header className="view-head">
        <h1>Classes</h1>
        {choice}
        {run !== null && <RunPicker />}
        {data && data.n > 0 && <SaveButton metrics={data} />}
        <span className="figure-accuracy secondary">
          {data
            ? `${count(data.classes.length)} labels, n=${count(data.n)}${data.leftOut > 0 ? `, ${count(data.leftOut)} without a label or prediction` : ''}`
            : ''}
        </span>
      </header>
      <div className="view-body classes-body">
        {run === null ? (
          !state.isPending && (
            <NoRun what="Classes show precision, recall and F1 of a model, label by label." />
          )
        ) : query.isError && !data ? (
          <ErrorNotice error={errorDataOf(query.error)} onRetry={() => void query.refetch()} />
        ) : !data ? (
          <div className="classes-wait">
            <Spinner label="Counting…" />
          </div>
        ) : data.n === 0 ? (
          <NothingToCompare
            leftOut={data.leftOut}
            onClear={filter === '' ? null : () => useFilter.getState().clear()}
          />
        ) : (
          <Classes metrics={data} />
        )}
      </div>
    </section>
  );
}

const csvFields = [
  'label',
  'support',
  'predicted',
  'correct',
  'precision',
  'recall',
  'f1',
  'rocAuc',
  'averagePrecision',
] as const;

function SaveButton({ metrics }: { readonly metrics: Metrics }) {
  const save = () => {
    try {
      const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
      const intervals = ['precisionInterval', 'recallInterval', 'f1Interval'] as const;
      const head = [...csvFields, ...intervals.flatMap((name) => [`${name}Low`, `${name}High`])];
      const rows = metrics.classes.map((figures) => [
        ...csvFields.map((field) => String(figures[field] ?? '')),
        ...intervals.flatMap((name) => (figures[name] ?? ['', '']).map(String)),
      ]);
      const name = fileName(`classes ${metrics.run}`, 'csv');
      const text = [head, ...rows].map((row) => `${row.map(quoted).join(',')}\r\n`).join('');
      saveText(text, name, 'text/csv');
      notify({ kind: 'done', text: `${name} is in your downloads` });
    } catch (error) {
      notifyError(errorDataOf(error));
    }
  };
  useCommands([{ id: 'classes.csv', title: 'Save the classes as CSV', group: 'Classes', run: save }]);
  return (
    <Button isSmall icon="table" onPress={save}>
      Save as CSV
    </Button>
  );
}

function Classes({ metrics }: { readonly metrics: Metrics }) {
  const project = useProject();
  const runName = metrics.run === project?.runInUse ? null : metrics.run;
  const hasProbabilities = project?.runs.find(({ name }) => name === metrics.run)?.hasProbabilities ?? false;
  const columns = useMemo(() => columnsOf(runName, hasProbabilities), [runName, hasProbabilities]);
  const open = (figures: ClassFigures, columnId: string) => {
    const condition = doorOf(figures, columnId, runName);
    if (condition) openClips(condition);
  };
  return (
    <div className="classes-frame">
      <div className="classes-top">
        <Figures metrics={metrics} />
        {metrics.notes.map((note) => (
          <p key={note} className="secondary small">
            {note}
          </p>
        ))}
      </div>
      <div className="classes-table">
        <LabelGrid
          label="Figures by label"
          name="classes"
          columns={columns}
          rows={metrics.classes}
          onOpen={open}
        />
      </div>
      <aside className="classes-side" aria-label="Calibration">
        {metrics.reliability.length > 0 ? (
          <Reliability bins={metrics.reliability} run={runName} ece={metrics.ece} />
        ) : (
          <p className="secondary">
            {hasProbabilities
              ? 'No reliability diagram for these clips.'
              : 'The reliability diagram, ROC AUC and AP need a run with probabilities; this one has labels only.'}
          </p>
        )}
      </aside>
    </div>
  );
}
