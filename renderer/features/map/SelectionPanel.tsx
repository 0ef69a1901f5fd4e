// What is selected, in words, and what can be done with it.
import { errorDataOf } from '../../lib/client.ts';
import { listScope, runCommand } from '../../lib/commands.ts';
import { count, counted } from '../../lib/format.ts';
import { useProject } from '../../lib/project.ts';
import { useSelectedLabels } from '../../lib/selected-labels.ts';
import { notifyError } from '../../lib/state/notices.ts';
import { goTo } from '../../lib/state/route.ts';
import { Button, IconButton, Menu } from '../../ui/index.ts';
import { ClipsButtons } from '../decisions/index.ts';
import { inListOrder } from '../player/index.ts';
import { startReview } from '../review/index.ts';

const SHOWN_LABELS = 5;

export function SelectionPanel(props: {
  readonly canGrow: boolean;
  readonly onSave: (ids: readonly number[]) => void;
}) {
  const { ids, isMany, clear, labels, rest } = useSelectedLabels(SHOWN_LABELS);
  const isReadOnly = useProject()?.isReadOnly ?? true;
  if (!isMany)
    return (
      <section className="map-selection" aria-label="Selection">
        <h2>Selection</h2>
        <p className="secondary">
          Draw around clips with Shift and the pointer, or extend with Shift and the arrow keys.
        </p>
      </section>
    );
  const review = async () => {
    try {
      await startReview({ from: 'clips', ids: inListOrder(ids) });
      goTo('review');
    } catch (error) {
      notifyError(errorDataOf(error));
    }
  };
  return (
    // The keys of clips go on working after one of these buttons was pressed.
    <section className="map-selection" aria-label="Selection" {...listScope}>
      <header>
        <h2>{counted(ids.length, 'clip')} selected</h2>
        <IconButton icon="close" title="Clear the selection" keys="Esc" onPress={clear} />
      </header>
      <p className="map-selection-labels">
        {labels.map(({ label, count: clips }, index) => (
          <span key={label ?? '\u0000'}>
            {index > 0 && ', '}
            <bdi>{label ?? 'no label'}</bdi> <strong>{count(clips)}</strong>
          </span>
        ))}
        {rest > 0 && <span className="secondary"> and {counted(rest, 'more label')}</span>}
      </p>
      <div className="map-selection-actions">
        <ClipsButtons ids={ids} isReadOnly={isReadOnly}>
          <Button isSmall icon="review" onPress={() => void review()}>
            Review
          </Button>
        </ClipsButtons>
        <Button isSmall icon="map" isDisabled={!props.canGrow} onPress={() => runCommand('map.grow')}>
          Grow by neighbours
        </Button>
        <Button isSmall icon="clips" onPress={() => goTo('clips')}>
          Show in Clips
        </Button>
        <Menu
          label="Export the selection"
          groups={[
            {
              entries: [
                {
                  id: 'csv',
                  title: 'Save as CSV',
                  detail: 'paths, labels, coordinates',
                  icon: 'table',
                  run: () => props.onSave(ids),
                },
                { id: 'export', title: 'Export clips…', icon: 'export', run: () => goTo('export') },
              ],
            },
          ]}
        >
          <Button isSmall icon="export">
            Export…
          </Button>
        </Menu>
      </div>
    </section>
  );
}
