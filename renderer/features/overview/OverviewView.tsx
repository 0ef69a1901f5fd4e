// Overview: what is in the dataset, what is wrong with it, what to do next. Every number is a door.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Facet } from '../../../shared/contract/clips.ts';
import type { ProjectInfo } from '../../../shared/contract/project.ts';
import { conditionFor, type FieldName, parseTerm, rangeCondition } from '../../../shared/filter/index.ts';
import { calls, client, errorDataOf } from '../../lib/client.ts';
import { runCommand, useCommands } from '../../lib/commands.ts';
import { useIsUnderWay } from '../../lib/events.ts';
import { count, counted, hours, percent } from '../../lib/format.ts';
import { useProject, useProjectState } from '../../lib/project.ts';
import { useFilter } from '../../lib/state/filter.ts';
import { notifyError } from '../../lib/state/notices.ts';
import { goTo } from '../../lib/state/route.ts';
import { Button, EmptyState, ErrorNotice, Spinner } from '../../ui/index.ts';
import { openFlagsView, openReview } from '../flags/index.ts';
import { openClips } from '../metrics/index.ts';
import { findingsOf, nextSteps, type Step, settledOf } from './findings.ts';
import { Histogram } from './Histogram.tsx';
import { trimmed } from './trim.ts';
import { ValueBars } from './ValueBars.tsx';
import { Warnings } from './Warnings.tsx';

const noBins = { edges: [0, 1], counts: [0], totals: [0] };
const facetFields = ['label', 'split', 'speaker', 'kind', 'review', 'present'] as const;

export function OverviewView() {
  const state = useProjectState();
  const project = state.data?.project ?? null;
  return (
    <section className="view overview" aria-label="Overview">
      <header className="view-head">
        <h1>Overview</h1>
        {project && project.datasets.length > 0 && (
          <span className="secondary ellipsis">
            {project.datasets.length === 1 ? 'dataset' : `${count(project.datasets.length)} datasets`}{' '}
            <bdi>{project.datasets.map(({ name }) => name).join(', ')}</bdi>
          </span>
        )}
      </header>
      <div className="view-body overview-body">
        {project ? (
          <Overview project={project} />
        ) : (
          state.isPending && (
            <div className="view-pad">
              <Spinner label="Reading the project…" />
            </div>
          )
        )}
      </div>
    </section>
  );
}

function Overview({ project }: { readonly project: ProjectInfo }) {
  const hasClips = project.clips + project.noiseClips > 0;
  // Everything is shown at once: what came later would push aside what is already being read.
  const isCounted = useIsCounted() || !hasClips;
  return (
    <>
      <Warnings />
      <Totals project={project} />
      <div className="overview-frame">
        {!isCounted ? (
          <div className="overview-contents">
            <Spinner label="Counting…" />
          </div>
        ) : hasClips ? (
          <Contents project={project} />
        ) : (
          <NoDataset />
        )}
        <aside className="overview-side" aria-label="What to look at and do">
          {isCounted && (
            <>
              <Findings project={project} />
              <NextSteps project={project} />
              <Runs />
            </>
          )}
        </aside>
      </div>
    </>
  );
}

function Total(props: { readonly n: string; readonly what: string; readonly onPress?: () => void }) {
  const inside = (
    <>
      <strong>{props.n}</strong> <span className="secondary">{props.what}</span>
    </>
  );
  return (
    <li>
      {props.onPress ? (
        <button type="button" className="door" onClick={props.onPress}>
          {inside}
        </button>
      ) : (
        inside
      )}
    </li>
  );
}

function showAll(condition: string): void {
  openClips(condition, '');
}

function Totals({ project }: { readonly project: ProjectInfo }) {
  const { clips, noiseClips, labels, speakers, decisions } = project;
  return (
    <ul className="overview-totals" aria-label="In total">
      <Total
        n={count(clips)}
        what={clips === 1 ? 'clip' : 'clips'}
        onPress={() => showAll('kind = speech')}
      />
      <Total n={count(labels.length)} what={labels.length === 1 ? 'label' : 'labels'} />
      <Total n={count(speakers)} what={speakers === 1 ? 'speaker' : 'speakers'} />
      <Total n={hours(project.hours)} what="of audio" />
      {noiseClips > 0 && (
        <Total
          n={count(noiseClips)}
          what={noiseClips === 1 ? 'background recording' : 'background recordings'}
          onPress={() => showAll('kind = noise')}
        />
      )}
      <Total
        n={count(decisions)}
        what={decisions === 1 ? 'decision' : 'decisions'}
        onPress={() => goTo('history')}
      />
    </ul>
  );
}

function useDistribution(filter: string) {
  return useQuery({
    ...calls.clips.facets.queryOptions({ input: { filter, fields: [...facetFields], limit: 1000 } }),
    placeholderData: keepPreviousData,
  });
}

type HistogramField = 'durationSec' | 'rmsDbfs';

function useHistogram(filter: string, field: HistogramField) {
  return useQuery({
    ...calls.clips.histogram.queryOptions({ input: { filter, field, bins: 200 } }),
    placeholderData: keepPreviousData,
  });
}

/** Whether everything the view counts was counted once, or failed to be. */
function useIsCounted(): boolean {
  const filter = useFilter(({ text }) => text);
  return [
    useDistribution(filter),
    useDistribution(''),
    useHistogram(filter, 'durationSec'),
    useHistogram(filter, 'rmsDbfs'),
    useRuns(),
  ].every(({ isPending }) => !isPending);
}

function useRuns() {
  return useQuery(calls.runs.list.queryOptions());
}

function valuesOf(facets: readonly Facet[], field: FieldName) {
  return facets.find((facet) => facet.field === field)?.values ?? [];
}

function NoDataset() {
  return (
    <div className="overview-contents">
      <EmptyState
        icon="import"
        title="No recordings yet"
        actions={
          <Button tone="primary" icon="import" onPress={() => runCommand('dataset.import')}>
            Import a dataset…
          </Button>
        }
      >
        Import a dataset, and here stands what is in it: labels, lengths, levels, splits and speakers.
      </EmptyState>
    </div>
  );
}

function Contents({ project }: { readonly project: ProjectInfo }) {
  const filter = useFilter(({ text }) => text);
  const here = useDistribution(filter);
  const all = useDistribution('');
  if (here.isError && !here.data)
    return <ErrorNotice error={errorDataOf(here.error)} onRetry={() => void here.refetch()} />;
  if (!here.data) return null;
  const bars = (field: FieldName) => {
    const counts = new Map(valuesOf(here.data, field).map(({ value, count: n }) => [value, n]));
    const totals = all.data ? valuesOf(all.data, field) : valuesOf(here.data, field);
    const rows = totals.map(({ value, count: total }) => ({ value, count: counts.get(value) ?? 0, total }));
    return [...rows.filter(({ value }) => value !== null), ...rows.filter(({ value }) => value === null)];
  };
  const open = (field: FieldName) => (value: string | null) => openClips(conditionFor(field, value));
  const labels = bars('label').filter(({ value }) => value !== null || project.noiseClips === 0);
  const matched = valuesOf(here.data, 'kind').reduce((sum, value) => sum + value.count, 0);
  const total = project.clips + project.noiseClips;
  return (
    <div className="overview-contents">
      <div className="overview-column">
        <ValueBars
          title="Labels"
          values={labels}
          shown={35}
          none="no label"
          onOpen={open('label')}
          note={filter === '' ? '' : `${count(matched)} of ${counted(total, 'clip')} match the filter`}
        />
        <ValueBars title="Splits" values={bars('split')} shown={6} none="no split" onOpen={open('split')} />
        <ValueBars
          title="Reviewed"
          values={bars('review')}
          shown={6}
          none="not yet"
          onOpen={open('review')}
        />
      </div>
      <div className="overview-column">
        <ClipHistogram
          title="Duration"
          field="durationSec"
          filter={filter}
          inWords={(value) => `${value.toFixed(value < 10 ? 2 : 1)} s`}
        />
        <ClipHistogram
          title="Level (RMS)"
          field="rmsDbfs"
          filter={filter}
          inWords={(value) => `${value.toFixed(0).replace('-', '−')} dB`}
          missing="without a level: digital silence"
        />
        <ValueBars
          title="Speakers"
          values={bars('speaker')}
          shown={8}
          none="no speaker"
          onOpen={open('speaker')}
          note={count(project.speakers)}
        />
      </div>
    </div>
  );
}

function ClipHistogram(props: {
  readonly title: string;
  readonly field: HistogramField;
  readonly filter: string;
  readonly inWords: (value: number) => string;
  readonly missing?: string;
}) {
  const { title, field, filter, inWords } = props;
  const query = useHistogram(filter, field);
  const { data } = query;
  if (query.isError && !data) return <ErrorNotice error={errorDataOf(query.error)} />;
  const shown = trimmed(data ?? noBins, 40);
  const open = (from: number | null, to: number | null, hasUpper = false) =>
    openClips(rangeCondition(parseTerm(field), from, to, hasUpper));
  const [low, high] = [shown.edges[0] ?? 0, shown.edges.at(-1) ?? 0];
  const without = data && props.missing ? data.missing : 0;
  return (
    <Histogram
      title={title}
      edges={shown.edges}
      counts={shown.counts}
      totals={shown.totals}
      inWords={data ? inWords : () => ''}
      onOpen={(from, to, isLast) => open(from, to, isLast && shown.above === 0)}
      footnote={
        <>
          {shown.below > 0 && (
            <button type="button" className="door" onClick={() => open(null, low)}>
              {counted(shown.below, 'clip')} below {inWords(low)}
            </button>
          )}
          {shown.above > 0 && (
            <button type="button" className="door" onClick={() => open(high, null)}>
              {counted(shown.above, 'clip')} above {inWords(high)}
            </button>
          )}
          {without > 0 && (
            <button type="button" className="door" onClick={() => openClips(conditionFor(field, null))}>
              {counted(without, 'clip')} {props.missing}
            </button>
          )}
        </>
      }
    />
  );
}

function Findings({ project }: { readonly project: ProjectInfo }) {
  const findings = findingsOf(project);
  const { settled, all } = settledOf(project);
  const absent = useDistribution('').data?.find(({ field }) => field === 'present')?.values;
  const missing = absent?.find(({ value }) => value === 'false')?.count ?? 0;
  return (
    <section>
      <header className="overview-title">
        <h2>To look at</h2>
        {settled > 0 && (
          <span className="secondary">
            {count(settled)} of {count(all)} settled
          </span>
        )}
      </header>
      {findings.length === 0 && missing === 0 ? (
        <p className="secondary">
          {all === 0 ? 'Nothing was looked for yet.' : 'Nothing open: every finding was settled.'}
        </p>
      ) : (
        <ul>
          {missing > 0 && (
            <FindingRow
              n={missing}
              words={missing === 1 ? 'file is missing' : 'files are missing'}
              onOpen={() => showAll('present = false')}
            />
          )}
          {findings.map(({ kinds, count: n, words, note }) => (
            <FindingRow key={words} n={n} words={words} onOpen={() => openFlagsView(kinds)}>
              {note && (
                <button
                  type="button"
                  className="door secondary"
                  onClick={() => openFlagsView(['duplicate-conflict'])}
                >
                  {note}
                </button>
              )}
            </FindingRow>
          ))}
        </ul>
      )}
    </section>
  );
}

function FindingRow(props: {
  readonly n: number;
  readonly words: string;
  readonly onOpen: () => void;
  readonly children?: ReactNode;
}) {
  return (
    <li className="finding">
      <button type="button" className="door" onClick={props.onOpen}>
        <strong className="finding-count">{count(props.n)}</strong> {props.words}
      </button>
      {props.children}
    </li>
  );
}

function NextSteps({ project }: { readonly project: ProjectInfo }) {
  const runs = useRuns().data ?? [];
  const run = runs.find(({ name }) => name === project.runInUse);
  const isFinding = useIsUnderWay('flags');
  const steps = nextSteps(
    project,
    run && run.accuracy !== null
      ? { run: run.name, words: `Accuracy ${percent(run.accuracy)} of ${counted(run.matched, 'clip')}` }
      : null,
  );
  const act = ({ action }: Step) => {
    switch (action.do) {
      case 'command':
        runCommand(action.id);
        return;
      case 'review':
        openReview(action.kinds);
        return;
      case 'go':
        goTo(action.view);
        return;
      case 'find-flags':
        void client.flags.find({}).catch((error: unknown) => notifyError(errorDataOf(error)));
    }
  };
  const [first] = steps;
  useCommands([
    {
      id: 'overview.default',
      title: first ? first.title : 'Next step',
      group: 'Overview',
      keys: ['Mod+Enter'],
      when: () => first !== undefined,
      run: () => {
        if (first) act(first);
      },
    },
  ]);
  return (
    <section>
      <header className="overview-title">
        <h2>Next</h2>
      </header>
      {steps.length === 0 ? (
        <p className="secondary">Nothing left to do here.</p>
      ) : (
        <ol>
          {steps.map((step, index) => (
            <li key={step.id} className="step">
              <div>
                <p>{step.title}</p>
                <p className="secondary small">{step.why}</p>
              </div>
              <Button
                isSmall
                tone={index === 0 ? 'primary' : 'plain'}
                isDisabled={project.isReadOnly || (step.action.do === 'find-flags' && isFinding)}
                onPress={() => act(step)}
              >
                {step.button}
              </Button>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

function Runs() {
  const project = useProject();
  const runs = useRuns().data ?? [];
  if (runs.length === 0) return null;
  return (
    <section>
      <header className="overview-title">
        <h2>Runs</h2>
      </header>
      <ul>
        {runs.map(({ name, accuracy, matched }) => (
          <li key={name} className="overview-run">
            <bdi className="ellipsis" title={name}>
              {name}
            </bdi>
            <span className="secondary small">{name === project?.runInUse ? 'in use' : ''}</span>
            <span className="numeric">{percent(accuracy)}</span>
            <span className="numeric secondary small">{counted(matched, 'clip')}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
