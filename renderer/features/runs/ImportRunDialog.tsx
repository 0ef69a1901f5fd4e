// Predictions before they are brought in: which rows match a clip, which do not, and what looks wrong.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Place } from '../../../shared/contract/common.ts';
import type { FileKind } from '../../../shared/contract/host.ts';
import type { ProjectInfo } from '../../../shared/contract/project.ts';
import { calls, client, errorDataOf } from '../../lib/client.ts';
import { host } from '../../lib/host.ts';
import { Button, Dialog, ErrorNotice, Spinner, TextField, Toggle } from '../../ui/index.ts';
import { RunPreview } from './RunPreview.tsx';

const LONGEST_NAME = 120;

export function ImportRunDialog(props: { readonly project: ProjectInfo; readonly onClose: () => void }) {
  const { project, onClose } = props;
  const [place, setPlace] = useState<Place | null>(null);
  const [labels, setLabels] = useState<Place | null>(null);
  const [clips, setClips] = useState<Place | null>(null);
  const [softmax, setSoftmax] = useState(false);
  const [typedName, setName] = useState<string | null>(null);
  const [isStarting, setIsStarting] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);

  const source = {
    place: place ?? { handle: '', name: '' },
    ...(labels ? { labels } : {}),
    ...(clips ? { clips } : {}),
    softmax,
  };
  const preview = useQuery({
    ...calls.runs.preview.queryOptions({ input: source }),
    enabled: place !== null,
    staleTime: 0,
    gcTime: 0,
    placeholderData: keepPreviousData,
    retry: false,
  });
  const data = preview.error === null ? preview.data : undefined;
  const error = preview.error === null ? null : errorDataOf(preview.error);
  const name = (typedName ?? data?.suggestedName ?? '').trim();
  const nameError =
    !data || typedName === ''
      ? null
      : project.runs.some((run) => run.name === name)
        ? 'There is a run of this name already.'
        : name.length > LONGEST_NAME
          ? `At most ${LONGEST_NAME} characters.`
          : null;
  const isPossible =
    data !== undefined &&
    !preview.isFetching &&
    data.result.matched > 0 &&
    name !== '' &&
    nameError === null &&
    !isStarting;

  const choose = async (chosen: Promise<Place | null>, take: (place: Place) => void) => {
    try {
      const answer = await chosen;
      if (answer) take(answer);
    } catch (thrown) {
      setFailure(thrown);
    }
  };
  const take = (next: Place) => {
    setPlace(next);
    setLabels(null);
    setClips(null);
    setSoftmax(false);
    setName(null);
    setFailure(null);
  };
  const chooseFile = () => void choose(host.chooseFile(['table', 'array']), take);
  const chooseFolder = () => void choose(host.chooseFolder(), take);
  const beside: readonly FileKind[] = ['table', 'file'];
  const isArray =
    data?.form === 'array' || error?.code === 'predictions/labels' || error?.code === 'predictions/clips';

  const start = async () => {
    if (!isPossible) return;
    setIsStarting(true);
    try {
      await client.runs.start({ ...source, run: name });
      onClose();
    } catch (thrown) {
      setFailure(thrown);
      setIsStarting(false);
    }
  };

  return (
    <Dialog
      title="Import predictions"
      size="large"
      isOpen
      onClose={onClose}
      footnote={place ? null : 'The file is read once; it is not changed.'}
      actions={
        place && (
          <>
            <Button onPress={onClose}>Cancel</Button>
            <Button tone="primary" isDisabled={!isPossible} onPress={() => void start()}>
              {isStarting ? 'Starting' : 'Import the run'}
            </Button>
          </>
        )
      }
    >
      <div className="runs-import">
        {place === null ? (
          <div className="runs-choose">
            <p>
              What a model says about the clips of this project: a table (CSV, TSV, JSONL) with a row per
              clip, or an array of probabilities (<span className="mono">.npy</span>) with its labels and
              clips beside it.
            </p>
            <div className="runs-buttons">
              <Button tone="primary" icon="file" autoFocus onPress={chooseFile}>
                Choose a file…
              </Button>
              <Button icon="folder" onPress={chooseFolder}>
                Choose a folder…
              </Button>
            </div>
          </div>
        ) : (
          <>
            <div className="runs-source">
              <bdi className="mono ellipsis">{place.name}</bdi>
              <Button isSmall onPress={chooseFile}>
                Another file…
              </Button>
              <Button isSmall onPress={chooseFolder}>
                A folder…
              </Button>
            </div>
            {isArray && (
              <dl className="runs-beside">
                <Beside
                  title="Labels of the columns"
                  place={labels}
                  fallback={data ? 'found beside the array' : 'not found beside the array'}
                  onChoose={() => void choose(host.chooseFile(beside), setLabels)}
                />
                <Beside
                  title="Clips of the rows"
                  place={clips}
                  fallback={data ? 'found beside the array' : 'not found beside the array'}
                  onChoose={() => void choose(host.chooseFile(beside), setClips)}
                />
              </dl>
            )}
            {(data?.offersSoftmax || softmax) && (
              <Toggle
                label="The numbers are scores (logits): turn them into probabilities"
                description="Some rows do not add up to 1. With this, each row goes through softmax."
                isOn={softmax}
                onChange={setSoftmax}
              />
            )}
            {preview.isPending && <Spinner label="Reading and matching" />}
            {error && <ErrorNotice error={error} onRetry={() => void preview.refetch()} />}
            {data && (
              <>
                <RunPreview data={data} isStale={preview.isFetching} />
                <TextField
                  label="Name of the run"
                  value={typedName ?? data.suggestedName}
                  onChange={setName}
                  onSubmit={() => void start()}
                  error={nameError}
                />
              </>
            )}
          </>
        )}
        {failure !== null && <ErrorNotice error={errorDataOf(failure)} />}
      </div>
    </Dialog>
  );
}

function Beside(props: {
  readonly title: string;
  readonly place: Place | null;
  readonly fallback: string;
  readonly onChoose: () => void;
}) {
  return (
    <div>
      <dt className="secondary">{props.title}</dt>
      <dd>
        {props.place ? <bdi className="mono">{props.place.name}</bdi> : <span>{props.fallback}</span>}
        <Button isSmall tone="quiet" onPress={props.onChoose}>
          Choose…
        </Button>
      </dd>
    </div>
  );
}
