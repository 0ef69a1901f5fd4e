// Step 1: the examples. From the studio's selection, or recorded; after a training each says whether a head that was
// trained without it finds it.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ClipRow } from '../../../shared/domain/clip.ts';
import { calls, client, errorDataOf } from '../../lib/client.ts';
import { count, counted, probability } from '../../lib/format.ts';
import { useProject } from '../../lib/project.ts';
import { notifyError } from '../../lib/state/notices.ts';
import { useSelection } from '../../lib/state/selection.ts';
import { Button, IconButton } from '../../ui/index.ts';
import { inListOrder, PlayButton } from '../player/index.ts';
import {
  FEWEST_EXAMPLES,
  MOST_EXAMPLES,
  removeExample,
  setExamples,
  startOver,
  useFewShot,
} from './state.ts';

export function canUseSelection(selected: ReadonlySet<number>): boolean {
  return selected.size >= FEWEST_EXAMPLES && selected.size <= MOST_EXAMPLES;
}

/** The selected clips become the examples; the word is the label that most of them have, if none was typed. */
export async function exampleFromSelection(): Promise<void> {
  const ids = inListOrder([...useSelection.getState().selected]);
  setExamples(ids);
  if (useFewShot.getState().word !== '') return;
  try {
    const { labels } = await client.clips.describe({ ids });
    const [top] = labels.filter(({ label }) => label !== null);
    if (top?.label && useFewShot.getState().word === '') useFewShot.setState({ word: top.label });
  } catch (error) {
    notifyError(errorDataOf(error));
  }
}

/** Rows of the examples by id; empty while they are read. */
function useExampleRows(ids: readonly number[]): ReadonlyMap<number, ClipRow> {
  const query = useQuery({
    ...calls.clips.page.queryOptions({
      input: { filter: `id in (${ids.join(', ')})`, sort: null, offset: 0, limit: MOST_EXAMPLES },
    }),
    enabled: ids.length > 0,
    placeholderData: keepPreviousData,
  });
  return new Map(query.data?.rows.map((row) => [row.id, row]));
}

export function Examples(props: { readonly isRecording: boolean; readonly onRecord: () => void }) {
  const { examples, trainedOn, result } = useFewShot();
  const selected = useSelection((state) => state.selected);
  const isReadOnly = useProject()?.isReadOnly ?? true;
  const rows = useExampleRows(examples);
  const isNew = selected.size !== examples.length || examples.some((id) => !selected.has(id));
  return (
    <section className="few-shot-examples" aria-labelledby="few-shot-examples">
      <h2 id="few-shot-examples">
        1 Examples{' '}
        <span className="secondary">
          {examples.length > 0 ? count(examples.length) : 'of the word, about five'}
        </span>
      </h2>
      <div className="few-shot-buttons">
        <Button
          isSmall
          icon="clips"
          isDisabled={!canUseSelection(selected) || !isNew}
          onPress={() => void exampleFromSelection()}
        >
          {selected.size > 1
            ? `Take the selection (${counted(selected.size, 'clip')})`
            : 'Take the selection'}
        </Button>
        <Button
          isSmall
          icon="microphone"
          isDisabled={isReadOnly || props.isRecording}
          onPress={props.onRecord}
        >
          Record…
        </Button>
        {examples.length > 0 && (
          <Button isSmall tone="quiet" onPress={startOver}>
            Start over
          </Button>
        )}
      </div>
      {selected.size > MOST_EXAMPLES && (
        <p className="secondary small">
          At most {count(MOST_EXAMPLES)} clips; five that are clear are better.
        </p>
      )}
      {examples.length > 0 && (
        <ol className="few-shot-list" aria-label="Examples">
          {examples.map((id) => {
            const at = result ? trainedOn.indexOf(id) : -1;
            return <Example key={id} id={id} row={rows.get(id)} check={result?.leaveOneOut[at] ?? null} />;
          })}
        </ol>
      )}
    </section>
  );
}

function Example(props: {
  readonly id: number;
  readonly row: ClipRow | undefined;
  readonly check: { readonly score: number; readonly isFound: boolean } | null;
}) {
  const { id, row, check } = props;
  const path = row?.path ?? '…';
  return (
    <li>
      <PlayButton clipId={id} of={path} className="few-shot-play" iconSize={12} isTabStop />
      <button
        type="button"
        className="door ellipsis"
        title={path}
        dir="auto"
        onClick={() => useSelection.getState().point(id)}
      >
        {path}
      </button>
      <span className="secondary ellipsis" dir="auto">
        {row?.label}
      </span>
      {check && (
        <span
          className={`small ${check.isFound ? 'right' : 'warn'}`}
          title={`A head trained without this example gives it ${probability(check.score)}`}
        >
          {check.isFound ? 'found' : 'missed'} {probability(check.score)}
        </span>
      )}
      <IconButton icon="close" title={`Take ${path} out of the examples`} onPress={() => removeExample(id)} />
    </li>
  );
}
