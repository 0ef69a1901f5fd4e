// An export before it is written: which format, which clips, where to, and what would come of it.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Radio, RadioGroup } from 'react-aria-components';
import { create } from 'zustand';
import type { ClipSelection, Place } from '../../../shared/contract/common.ts';
import { exportFormats } from '../../../shared/contract/exports.ts';
import { calls, client, errorDataOf } from '../../lib/client.ts';
import { runCommand, useCommands } from '../../lib/commands.ts';
import { onJobEnded } from '../../lib/events.ts';
import { count } from '../../lib/format.ts';
import { host } from '../../lib/host.ts';
import { useProject } from '../../lib/project.ts';
import { useFilter } from '../../lib/state/filter.ts';
import { notifyError } from '../../lib/state/notices.ts';
import { useSelection } from '../../lib/state/selection.ts';
import { Button, EmptyState, ErrorNotice, SegmentedControl, TextField, Toggle } from '../../ui/index.ts';
import { type AudioMode, type ExportFormat, formats } from './formats.ts';
import { Outcome } from './Outcome.tsx';

type What = 'all' | 'filter' | 'selection';

/** What was chosen last stays while other views are looked at. */
const useChoices = create<{
  readonly format: ExportFormat;
  readonly audio: AudioMode;
  readonly leaveOutUnusable: boolean;
  readonly place: Place | null;
  readonly names: Readonly<Partial<Record<ExportFormat, string>>>;
}>(() => ({ format: 'speech-commands', audio: 'copy', leaveOutUnusable: true, place: null, names: {} }));

const audioWords: Readonly<Record<AudioMode, string>> = {
  copy: 'The recordings are copied, sample for sample as they are.',
  link: 'Hard links take no room. Where they cannot be made, the recordings are copied.',
  none: 'No recordings are written; paths name those of the dataset.',
};

export function ExportView() {
  const project = useProject();
  const { format, audio, leaveOutUnusable, place, names } = useChoices();
  const filter = useFilter((state) => state.text);
  const selected = useSelection((state) => state.selected);
  const [chosenWhat, setWhat] = useState<What | null>(null);
  const [mayReplace, setMayReplace] = useState<string | null>(null);
  const [isStarting, setIsStarting] = useState(false);
  const words = formats[format];
  const what: What = chosenWhat ?? (selected.size > 1 ? 'selection' : filter !== '' ? 'filter' : 'all');
  const selection: ClipSelection =
    words.isOfDecisions || what === 'all'
      ? { filter: '' }
      : what === 'filter'
        ? { filter }
        : { ids: [...selected] };
  const name = names[format] ?? `${project?.name ?? 'dataset'} ${words.suffix}`.replaceAll(/[/\\]/g, '-');
  const trimmed = name.trim();
  const nameError =
    trimmed === '' ? 'The new folder needs a name.' : /[/\\]/.test(trimmed) ? 'A name has no slashes.' : null;
  const request = {
    format,
    place: place ?? { handle: '', name: '' },
    name: trimmed,
    selection,
    audio: words.hasAudio ? audio : ('none' as const),
    leaveOutUnusable: !words.isOfDecisions && leaveOutUnusable,
    overwrite: false,
  };
  const preview = useQuery({
    ...calls.exports.preview.queryOptions({ input: request }),
    enabled: place !== null && nameError === null && project !== null,
    staleTime: 0,
    placeholderData: keepPreviousData,
    retry: false,
  });
  // Once an export is written, its folder is there and must not be written over unasked.
  const { refetch } = preview;
  const isAsked = place !== null;
  useEffect(
    () =>
      onJobEnded((job) => {
        if (job.kind === 'export' && isAsked) void refetch();
      }),
    [refetch, isAsked],
  );
  const data = place !== null && preview.error === null ? preview.data : undefined;
  const target = place && `${place.handle} ${trimmed}`;
  const isReplacing = mayReplace !== null && mayReplace === target;
  const isPossible =
    data !== undefined &&
    !preview.isFetching &&
    nameError === null &&
    !isStarting &&
    (data.clips > 0 || words.isOfDecisions === true) &&
    (!data.alreadyExists || isReplacing);

  const chooseFolder = async () => {
    try {
      const chosen = await host.chooseFolder();
      if (chosen) useChoices.setState({ place: chosen });
    } catch (error) {
      notifyError(errorDataOf(error));
    }
  };
  const start = async () => {
    if (!isPossible) return;
    setIsStarting(true);
    try {
      await client.exports.start({ ...request, overwrite: data.alreadyExists && isReplacing });
      setMayReplace(null);
    } catch (error) {
      notifyError(errorDataOf(error));
    } finally {
      setIsStarting(false);
    }
  };
  useCommands([
    {
      id: 'export.default',
      title: 'Export',
      group: 'Export',
      keys: ['Mod+Enter'],
      when: () => isPossible,
      run: () => void start(),
    },
  ]);

  if (project === null) return null;
  if (project.clips === 0) {
    return (
      <section className="view" aria-label="Export">
        <h1 className="visually-hidden">Export</h1>
        <EmptyState
          icon="export"
          title="Nothing to export yet"
          actions={
            <Button tone="primary" icon="import" onPress={() => runCommand('dataset.import')}>
              Import a dataset…
            </Button>
          }
        >
          This project has no clips.
        </EmptyState>
      </section>
    );
  }
  return (
    <section className="view" aria-label="Export">
      <header className="view-head">
        <h1>Export</h1>
        <span className="secondary">The corrected dataset, or the record of what was decided.</span>
      </header>
      <div className="export-body">
        <RadioGroup
          className="export-formats"
          aria-label="Format"
          value={format}
          onChange={(next) => {
            const chosen = exportFormats.find((known) => known === next);
            if (chosen) useChoices.setState({ format: chosen });
          }}
        >
          {exportFormats.map((id) => (
            <Radio key={id} value={id} className="export-format">
              <span className="radio-mark" aria-hidden="true" />
              <span>
                <span className="export-title">{formats[id].title}</span>
                <span className="secondary export-sentence">{formats[id].sentence}</span>
              </span>
            </Radio>
          ))}
        </RadioGroup>
        <div className="export-form">
          {!words.isOfDecisions && (
            <div className="export-section">
              <h2>Which clips</h2>
              <SegmentedControl
                label="Which clips"
                value={what}
                onChange={setWhat}
                options={[
                  { id: 'all', title: `All (${count(project.clips + project.noiseClips)})` },
                  { id: 'filter', title: 'The filter' },
                  { id: 'selection', title: `The selection (${count(selected.size)})` },
                ]}
              />
              {what === 'filter' && (
                <p className="secondary">
                  {filter === '' ? 'No filter is set: all clips.' : <bdi className="mono">{filter}</bdi>}
                </p>
              )}
              <Toggle
                label="Leave out clips marked unusable"
                isOn={leaveOutUnusable}
                onChange={(isOn) => useChoices.setState({ leaveOutUnusable: isOn })}
              />
            </div>
          )}
          {words.hasAudio && (
            <div className="export-section">
              <h2>Recordings</h2>
              <SegmentedControl
                label="Recordings"
                value={audio}
                onChange={(next) => useChoices.setState({ audio: next })}
                options={[
                  { id: 'copy', title: 'Copy' },
                  { id: 'link', title: 'Link' },
                  { id: 'none', title: 'None' },
                ]}
              />
              <p className="secondary">{audioWords[audio]}</p>
            </div>
          )}
          <div className="export-section">
            <h2>Where to</h2>
            <div className="export-place">
              <Button icon="folder" onPress={() => void chooseFolder()}>
                {place ? <bdi>{place.name}</bdi> : 'Choose a folder…'}
              </Button>
              <span className="secondary">/</span>
              <TextField
                label="Name of the new folder"
                isLabelHidden
                value={name}
                onChange={(next) => useChoices.setState({ names: { ...names, [format]: next } })}
                onSubmit={() => void start()}
                error={nameError}
              />
            </div>
          </div>
          <div className="export-section export-outcome">
            {preview.error && place && (
              <ErrorNotice error={errorDataOf(preview.error)} onRetry={() => void preview.refetch()} />
            )}
            <Outcome
              data={data}
              isStale={preview.isFetching}
              isOfDecisions={words.isOfDecisions === true}
              decisions={project.decisions}
              name={trimmed}
              isReplacing={isReplacing}
              onReplace={(isOn) => setMayReplace(isOn ? target : null)}
            />
            <div>
              <Button
                tone="primary"
                icon="export"
                keys="Ctrl Enter"
                isDisabled={!isPossible}
                onPress={() => void start()}
              >
                {isStarting
                  ? 'Starting'
                  : isReplacing && data?.alreadyExists
                    ? 'Replace and export'
                    : 'Export'}
              </Button>
            </div>
          </div>
        </div>
      </div>
    </section>
  );
}
