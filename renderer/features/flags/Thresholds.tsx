// What the search for flags goes by: thresholds with their counts before they are applied, the method, the run.
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import {
  defaultFlagSettings,
  type FlagKind,
  type FlagSettings,
  type LabelIssueMethod,
  labelIssueMethods,
} from '../../../shared/domain/flag.ts';
import { calls, client, errorDataOf } from '../../lib/client.ts';
import { useIsUnderWay } from '../../lib/events.ts';
import { useProject } from '../../lib/project.ts';
import { notifyError } from '../../lib/state/notices.ts';
import { Button, ErrorNotice, Select } from '../../ui/index.ts';
import { ThresholdField } from './ThresholdField.tsx';

type NumberSetting = {
  [Name in keyof FlagSettings]: FlagSettings[Name] extends number ? Name : never;
}[keyof FlagSettings];

interface Threshold {
  readonly field: NumberSetting;
  readonly kind: FlagKind;
  readonly title: string;
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly from: number;
  readonly to: number;
}

const thresholds: readonly Threshold[] = [
  {
    field: 'silentPeakDbfs',
    kind: 'silent',
    title: 'Silent: peak below',
    unit: 'dBFS',
    min: -120,
    max: 0,
    step: 1,
    from: -100,
    to: -20,
  },
  {
    field: 'quietRmsDbfs',
    kind: 'too-quiet',
    title: 'Too quiet: level below',
    unit: 'dBFS',
    min: -120,
    max: 0,
    step: 1,
    from: -80,
    to: -10,
  },
  {
    field: 'clippedSamples',
    kind: 'clipped',
    title: 'Clipped: at least',
    unit: 'samples',
    min: 1,
    max: 1_000_000_000,
    step: 1,
    from: 1,
    to: 500,
  },
  {
    field: 'cutEdgeDb',
    kind: 'cut-edge',
    title: 'Cut: edge louder than',
    unit: 'dB',
    min: -60,
    max: 20,
    step: 0.5,
    from: -20,
    to: 10,
  },
  {
    field: 'minDurationSec',
    kind: 'too-short',
    title: 'Too short: under',
    unit: 's',
    min: 0,
    max: 86_400,
    step: 0.05,
    from: 0,
    to: 2,
  },
  {
    field: 'maxDurationSec',
    kind: 'too-long',
    title: 'Too long: over',
    unit: 's',
    min: 0,
    max: 86_400,
    step: 0.5,
    from: 0.5,
    to: 30,
  },
  {
    field: 'neighbourShare',
    kind: 'neighbour-issue',
    title: 'Neighbours: share that differs',
    unit: '',
    min: 0.1,
    max: 1,
    step: 0.05,
    from: 0.3,
    to: 1,
  },
  {
    field: 'outlierDistance',
    kind: 'outlier',
    title: 'Outlier: distance over',
    unit: 'x usual',
    min: 1,
    max: 100,
    step: 0.1,
    from: 1,
    to: 6,
  },
];

const methodTitles: Readonly<Record<LabelIssueMethod, readonly [title: string, detail: string]>> = {
  prune_by_noise_rate: ['Prune by noise rate', 'as many per pair of labels as the noise rate says'],
  prune_by_class: ['Prune by class', 'the least certain of each label'],
  both: ['Both', 'what both of them name: fewest, surest'],
  confident_learning: ['Confident learning', 'surely another label'],
  predicted_neq_given: ['Predicted is not given', 'every disagreement: most'],
};

const WITHOUT = '\u0000none';

function useDebounced<T>(value: T, ms: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}

export function useIsFinding(): boolean {
  return useIsUnderWay('flags');
}

export function Thresholds() {
  const query = useQuery(calls.flags.settings.queryOptions());
  if (query.isError && !query.data)
    return <ErrorNotice error={errorDataOf(query.error)} onRetry={() => void query.refetch()} />;
  if (!query.data) return null;
  // A search that ended may have changed what is in force; what is being set begins there again.
  return <Settings key={JSON.stringify(query.data)} {...query.data} />;
}

function Settings(props: {
  readonly settings: FlagSettings;
  readonly method: LabelIssueMethod;
  readonly run: string | null;
  readonly isStale: boolean;
}) {
  const project = useProject();
  const isFinding = useIsFinding();
  const [draft, setDraft] = useState(props.settings);
  const [method, setMethod] = useState(props.method);
  const runs = project?.runs ?? [];
  const [run, setRun] = useState(props.run ?? project?.runInUse ?? null);
  const knownRun = runs.some(({ name }) => name === run) ? run : null;
  const settled = useDebounced(draft, 200);
  const now = useQuery(calls.flags.preview.queryOptions({ input: props.settings }));
  const then = useQuery({
    ...calls.flags.preview.queryOptions({ input: settled }),
    placeholderData: keepPreviousData,
  });
  const find = useMutation({
    mutationFn: () => client.flags.find({ settings: draft, method, run: knownRun }),
    onError: (error) => notifyError(errorDataOf(error)),
  });
  // Which thresholds are offered is known with the first count.
  if (now.isPending) return null;
  const isReadOnly = project?.isReadOnly ?? true;
  // Without an embedding nothing is known of neighbours.
  const hasNeighbours = now.data !== undefined && 'outlier' in now.data;
  const offered = thresholds.filter(
    ({ kind }) => hasNeighbours || (kind !== 'outlier' && kind !== 'neighbour-issue'),
  );
  const isDefault = JSON.stringify(draft) === JSON.stringify(defaultFlagSettings);
  return (
    <section className="thresholds" aria-labelledby="thresholds">
      <header>
        <h2 id="thresholds">Thresholds</h2>
        {!isDefault && (
          <Button isSmall tone="quiet" onPress={() => setDraft(defaultFlagSettings)}>
            As at first
          </Button>
        )}
      </header>
      {offered.map(({ field, kind, ...threshold }) => (
        <ThresholdField
          key={field}
          {...threshold}
          value={draft[field]}
          onChange={(value) => setDraft((before) => ({ ...before, [field]: value }))}
          now={now.data?.[kind]}
          then={then.data?.[kind]}
          isDisabled={isReadOnly}
        />
      ))}
      {hasNeighbours && (
        <label className="small">
          <input
            type="checkbox"
            checked={draft.isOtherSpeakersOnly}
            disabled={isReadOnly}
            onChange={({ target }) =>
              setDraft((before) => ({ ...before, isOtherSpeakersOnly: target.checked }))
            }
          />{' '}
          Only neighbours of other speakers count
        </label>
      )}
      <Select
        label="Likely wrong labels by"
        options={[
          ...runs.map(({ name, hasProbabilities }) => ({
            id: name,
            title: name,
            detail: hasProbabilities ? 'probabilities of this run' : 'no probabilities: cannot be used',
          })),
          { id: WITHOUT, title: 'No run', detail: 'leave wrong labels out' },
        ]}
        value={knownRun ?? WITHOUT}
        onChange={(next) => setRun(next === WITHOUT ? null : next)}
        isDisabled={isReadOnly}
      />
      <Select
        label="Method"
        options={labelIssueMethods.map((id) => ({
          id,
          title: methodTitles[id][0],
          detail: methodTitles[id][1],
        }))}
        value={method}
        onChange={setMethod}
        isDisabled={isReadOnly || knownRun === null}
      />
      <footer>
        <p className={`small ${props.isStale ? 'warn' : 'secondary'}`}>
          {props.isStale
            ? 'The run changed since these flags were found.'
            : 'What you decided about flags stays.'}
        </p>
        <Button
          icon="search"
          isDisabled={isReadOnly || isFinding || find.isPending}
          onPress={() => find.mutate()}
        >
          {isFinding ? 'Finding…' : 'Find again'}
        </Button>
      </footer>
    </section>
  );
}
