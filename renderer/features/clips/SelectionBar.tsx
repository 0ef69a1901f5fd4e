// What is selected, in words, and what can be done with all of it.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { conditionFor } from '../../../shared/filter/index.ts';
import { calls } from '../../lib/client.ts';
import { keysInWords } from '../../lib/commands.ts';
import { count, counted } from '../../lib/format.ts';
import { useSelection } from '../../lib/state/selection.ts';
import { Button, IconButton } from '../../ui/index.ts';
import { decide } from '../decisions/index.ts';
import { narrow } from '../filter/index.ts';
import { inListOrder, player } from '../player/index.ts';

const SHOWN_LABELS = 6;

export function SelectionBar() {
  const { selected, clear } = useSelection();
  const ids = [...selected];
  const isMany = ids.length > 1;
  const described = useQuery({
    ...calls.clips.describe.queryOptions({ input: { ids } }),
    enabled: isMany,
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
  if (!isMany) return null;
  const labels = described.data?.labels ?? [];
  const rest = labels.length - SHOWN_LABELS;
  return (
    <div className="selection-bar" role="toolbar" aria-label="Selection">
      <strong>{counted(ids.length, 'clip')}</strong>
      <span className="selection-labels ellipsis">
        {labels.slice(0, SHOWN_LABELS).map(({ label, count: clips }, index) => (
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
      <Button
        isSmall
        icon="play"
        keys={keysInWords('player.all')}
        onPress={() => player.playAll(inListOrder(ids))}
      >
        Play all
      </Button>
      <Button
        isSmall
        icon="label"
        keys={keysInWords('decisions.relabel')}
        onPress={() => void decide.askLabel(ids)}
      >
        Relabel…
      </Button>
      <Button isSmall icon="check" onPress={() => void decide.review('accepted', undefined, ids)}>
        Accept
      </Button>
      <Button
        isSmall
        icon="unusable"
        keys={keysInWords('decisions.unusable')}
        onPress={() => void decide.askReason(ids)}
      >
        Unusable…
      </Button>
      <IconButton icon="close" title="Clear the selection" keys="Esc" onPress={clear} />
    </div>
  );
}
