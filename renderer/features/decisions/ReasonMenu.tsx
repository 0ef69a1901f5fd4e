// "Unusable, because": one key per reason, or arrows and Enter.
import { useEffect } from 'react';
import { ListBox, ListBoxItem } from 'react-aria-components';
import { type UnusableReason, unusableReasons } from '../../../shared/domain/clip.ts';
import { keyName } from '../../lib/commands.ts';
import { counted } from '../../lib/format.ts';
import { Dialog, KeyHint } from '../../ui/index.ts';
import { reasonKeys, reasonTitles } from './reasons.ts';

interface ReasonMenuProps {
  readonly ids: readonly number[];
  readonly onAnswer: (reason: UnusableReason | null) => void;
}

export function ReasonMenu({ ids, onAnswer }: ReasonMenuProps) {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const pressed = keyName(event);
      const reason = unusableReasons.find((candidate) => reasonKeys[candidate] === pressed);
      if (!reason || event.isComposing) return;
      event.preventDefault();
      event.stopPropagation();
      onAnswer(reason);
    };
    window.addEventListener('keydown', onKey, { capture: true });
    return () => window.removeEventListener('keydown', onKey, { capture: true });
  }, [onAnswer]);
  return (
    <Dialog
      title={ids.length === 1 ? 'Unusable, because' : `${counted(ids.length, 'clip')} unusable, because`}
      size="small"
      isOpen
      onClose={() => onAnswer(null)}
    >
      <ListBox
        aria-label="Reason"
        autoFocus="first"
        className="reason-list"
        items={unusableReasons.map((id) => ({ id }))}
        onAction={(key) => onAnswer(unusableReasons.find((reason) => reason === key) ?? null)}
      >
        {({ id }) => (
          <ListBoxItem id={id} textValue={reasonTitles[id]} className="menu-item">
            <span className="reason-word">{reasonTitles[id]}</span>
            <KeyHint keys={reasonKeys[id]} />
          </ListBoxItem>
        )}
      </ListBox>
    </Dialog>
  );
}
