// Accepting many proposals: every change is shown with its count before it happens.
import { count, counted } from '../../lib/format.ts';
import { Button, Dialog } from '../../ui/index.ts';
import type { ProposalGroup } from './proposals.ts';

export function AcceptDialog(props: {
  readonly groups: readonly ProposalGroup[];
  readonly onClose: () => void;
  readonly onAccept: () => void;
}) {
  const { groups } = props;
  const clips = groups.reduce((sum, { clipIds }) => sum + clipIds.length, 0);
  return (
    <Dialog
      title={`Accept ${counted(clips, 'proposal')}`}
      isOpen={groups.length > 0}
      onClose={props.onClose}
      footnote="One undo takes all of it back."
      actions={
        <>
          <Button onPress={props.onClose}>Cancel</Button>
          <Button tone="primary" autoFocus onPress={props.onAccept}>
            Relabel {counted(clips, 'clip')}
          </Button>
        </>
      }
    >
      <ul className="accept-groups">
        {groups.map(({ from, to, clipIds }) => (
          <li key={`${from}\t${to}`}>
            <span className="numeric">{count(clipIds.length)}</span>
            <span>
              <bdi>{from ?? 'no label'}</bdi> <span className="secondary">→</span> <bdi>{to}</bdi>
            </span>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
