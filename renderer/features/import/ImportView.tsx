// An import before it happens: what the folder holds, how it is read, the first clips, and what could not be used.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { Place } from '../../../shared/contract/common.ts';
import type { DatasetFormat, ImportOptions } from '../../../shared/domain/dataset.ts';
import { calls, client, errorDataOf } from '../../lib/client.ts';
import { useCommands } from '../../lib/commands.ts';
import { useProject } from '../../lib/project.ts';
import { goTo } from '../../lib/state/route.ts';
import { Button, EmptyState, ErrorNotice, SegmentedControl, Spinner, TextField } from '../../ui/index.ts';
import { adoptProject } from '../project/index.ts';
import { FormatChoice } from './FormatChoice.tsx';
import { chooseDatasetFile, chooseDatasetFolder, useImportPlace } from './import-flow.ts';
import { MappingFields } from './MappingFields.tsx';
import { PatternField } from './PatternField.tsx';
import { Preview } from './Preview.tsx';
import { useDebounced } from './use-debounced.ts';

export function ImportView() {
  const place = useImportPlace((state) => state.place);
  return (
    <section className="view" aria-label="Import a dataset">
      {place ? <ImportOf key={place.handle} place={place} /> : <NothingChosen />}
    </section>
  );
}

function NothingChosen() {
  const project = useProject();
  return (
    <>
      <header className="view-head">
        <h1>Import a dataset</h1>
      </header>
      <EmptyState
        icon="import"
        title="Which recordings?"
        actions={
          <>
            <Button tone="primary" icon="folder" onPress={() => void chooseDatasetFolder()}>
              Choose a folder…
            </Button>
            <Button icon="table" onPress={() => void chooseDatasetFile()}>
              Choose a table…
            </Button>
            <Button tone="quiet" onPress={() => goTo(project ? 'overview' : 'welcome')}>
              Back
            </Button>
          </>
        }
      >
        A folder of recordings, or a table that names them. Before anything is imported you see the first
        clips. The recordings stay where they are and are never changed.
      </EmptyState>
    </>
  );
}

const LONGEST_NAME = 120;

function freeName(wanted: string, taken: readonly string[]): string {
  let name = wanted;
  for (let i = 2; taken.includes(name); i++) name = `${wanted} ${i}`;
  return name;
}

function ImportOf({ place }: { readonly place: Place }) {
  const project = useProject();
  const detected = useQuery({
    ...calls.imports.detect.queryOptions({ input: { place } }),
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  const [chosenFormat, setFormat] = useState<DatasetFormat | null>(null);
  const [typedPattern, setPattern] = useState<string | null>(null);
  const [mapping, setMapping] = useState<NonNullable<ImportOptions['mapping']>>({});
  const [typedName, setName] = useState<string | null>(null);
  const [target, setTarget] = useState<'open' | 'new'>('open');
  const [isStarting, setIsStarting] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);

  // Where nothing is recognised, reading it as plain folders says what is there instead.
  const likeliest = detected.data ? (detected.data.candidates[0]?.format ?? 'folder') : null;
  const format = chosenFormat ?? likeliest;
  const pattern = typedPattern ?? detected.data?.suggestedPattern ?? '';
  const options = useMemo<ImportOptions>(() => {
    if (format === 'pattern') return { pattern };
    return format === 'table' && Object.keys(mapping).length > 0 ? { mapping } : {};
  }, [format, pattern, mapping]);
  const wish = useMemo(() => ({ format, options }), [format, options]);
  const settled = useDebounced(wish, typedPattern === null ? 0 : 180);
  const preview = useQuery({
    ...calls.imports.preview.queryOptions({
      input: { place, format: settled.format ?? 'folder', options: settled.options },
    }),
    enabled: settled.format !== null,
    staleTime: 0,
    gcTime: 0,
    placeholderData: keepPreviousData,
    retry: false,
  });
  const isCurrent = settled === wish && !preview.isFetching && !preview.isPlaceholderData;
  const error = preview.error === null ? null : errorDataOf(preview.error);
  const patternError = format === 'pattern' && error?.code.startsWith('pattern/') ? error : null;

  const isNewProject = project === null || target === 'new';
  const taken = isNewProject ? [] : project.datasets.map((dataset) => dataset.name);
  const suggestedName = detected.data?.suggestedName ?? place.name;
  const name = typedName ?? freeName(suggestedName, taken);
  const trimmed = name.trim();
  const nameError =
    trimmed === ''
      ? 'A dataset needs a name.'
      : trimmed.length > LONGEST_NAME
        ? `At most ${LONGEST_NAME} characters.`
        : taken.includes(trimmed)
          ? 'This project has a dataset of this name. Use “Import again” to bring that one up to date.'
          : null;
  const found = error === null ? (preview.data?.clips ?? 0) : 0;
  const isPossible =
    !isStarting && format !== null && nameError === null && isCurrent && error === null && found > 0;

  const start = async () => {
    if (!isPossible || format === null) return;
    setIsStarting(true);
    setFailure(null);
    try {
      const opened = isNewProject ? await client.project.create({ name: trimmed, dataset: place }) : null;
      await client.imports.start({ place, format, options, name: trimmed });
      useImportPlace.setState({ place: null });
      if (opened) adoptProject(opened);
      else goTo('overview');
    } catch (thrown) {
      setFailure(thrown);
      setIsStarting(false);
    }
  };
  useCommands([
    {
      id: 'import.default',
      title: 'Import',
      group: 'Import',
      keys: ['Mod+Enter'],
      when: () => isPossible,
      run: () => void start(),
    },
  ]);

  return (
    <>
      <header className="view-head">
        <h1>Import a dataset</h1>
        <span className="import-place ellipsis" dir="auto" title={place.name}>
          {place.name}
        </span>
        <Button isSmall onPress={() => void chooseDatasetFolder()}>
          Another folder…
        </Button>
        <Button isSmall onPress={() => void chooseDatasetFile()}>
          A table…
        </Button>
      </header>
      {detected.isPending && (
        <div className="view-pad">
          <Spinner label="Looking at what is there" />
        </div>
      )}
      {detected.error && (
        <ErrorNotice error={errorDataOf(detected.error)} onRetry={() => void detected.refetch()} />
      )}
      {detected.data && (
        <div className="import-body">
          <div className="import-form">
            <FormatChoice
              candidates={detected.data.candidates}
              value={format}
              onChange={(next) => {
                setFormat(next);
                setFailure(null);
              }}
            />
            {format === 'pattern' && (
              <PatternField
                value={pattern}
                suggested={detected.data.suggestedPattern}
                onChange={setPattern}
                error={patternError}
              />
            )}
            {format === 'table' && preview.data?.columns && (
              <MappingFields
                columns={preview.data.columns}
                suggested={preview.data.suggestedMapping ?? {}}
                value={mapping}
                onChange={setMapping}
              />
            )}
            <div className="import-section">
              {project && (
                <div className="import-target">
                  <span className="secondary">Into</span>
                  <SegmentedControl
                    label="Into which project"
                    value={target}
                    onChange={setTarget}
                    options={[
                      { id: 'open', title: project.name },
                      { id: 'new', title: 'a new project' },
                    ]}
                  />
                </div>
              )}
              <TextField
                label={isNewProject ? 'Name of the project and its dataset' : 'Name of the dataset'}
                value={name}
                onChange={setName}
                onSubmit={() => void start()}
                error={nameError}
                description={
                  isNewProject
                    ? 'The project file is made beside the dataset, or in your own folder when nothing can be written there.'
                    : null
                }
              />
            </div>
          </div>
          <Preview
            data={error === null ? preview.data : undefined}
            error={patternError === null ? error : null}
            hint={patternError === null ? null : 'The clips are shown here once the pattern can be read.'}
            isPending={preview.isPending && settled.format !== null}
            isStale={!isCurrent}
            isPattern={format === 'pattern'}
            onRetry={() => void preview.refetch()}
          />
        </div>
      )}
      <footer className="import-foot">
        <span className="secondary">Recordings stay where they are and are never changed.</span>
        {failure !== null && <ErrorNotice error={errorDataOf(failure)} />}
        <Button onPress={() => goTo(project ? 'overview' : 'welcome')}>Cancel</Button>
        <Button tone="primary" keys="Ctrl Enter" isDisabled={!isPossible} onPress={() => void start()}>
          {isStarting ? 'Starting' : 'Import'}
        </Button>
      </footer>
    </>
  );
}
