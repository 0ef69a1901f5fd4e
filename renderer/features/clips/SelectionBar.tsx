// What is selected, in words, and what can be done with all of it.
import { conditionFor } from '../../../shared/filter/index.ts';
import { count, counted } from '../../lib/format.ts';
import { useSelectedLabels } from '../../lib/selected-labels.ts';
import { Button, IconButton } from '../../ui/index.ts';
import { ClipsButtons, decide } from '../decisions/index.ts';
import { narrow } from '../filter/index.ts';

const SHOWN_LABELS = 6;

export function SelectionBar() {
  const { ids, isMany, clear, labels, rest } = useSelectedLabels(SHOWN_LABELS);
  if (!isMany) return null;
  return (
    <div className="selection-bar" role="toolbar" aria-label="Selection">
      <strong>{counted(ids.length, 'clip')}</strong>
      <span className="selection-labels ellipsis">
        {labels.map(({ label, count: clips }, index) => (
          <span key={label ?? ''}>
            {index > 0 && <span className="secondary">, </span>}
            <button type="button" className="door" onClick={() => narrow(conditionFor('label', label))}>
              <bdi>{label ?? 'no label'}</bdi>
            </button>{' '}
            <span className="secondary">{count(clips)}</span>
          </span>
        ))}
        {rest > 0 && <span className="secondary"> and {counted(rest, 'more label')}</span>}
      </span>
      <ClipsButtons ids={ids}>
        <Button isSmall icon="check" onPress={() => void decide.review('accepted', undefined, ids)}>
          Accept
        </Button>
      </ClipsButtons>
      <IconButton icon="close" title="Clear the selection" keys="Esc" onPress={clear} />
    </div>
  );
}
