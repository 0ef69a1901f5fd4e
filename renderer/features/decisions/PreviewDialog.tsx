// What a change of many clips would do, before it is done.
import { useQuery } from '@tanstack/react-query';
import type { ClipSelection } from '../../../shared/contract/common.ts';
import type { Change } from '../../../shared/contract/decisions.ts';
import { calls, errorDataOf } from '../../lib/client.ts';
import { count, counted } from '../../lib/format.ts';
import { Button, Dialog, ErrorNotice, Spinner } from '../../ui/index.ts';

interface PreviewDialogProps {
  readonly selection: ClipSelection;
  readonly changes: Change[];
  readonly onAnswer: (isWanted: boolean) => void;
}

const fieldTitles: Readonly<Record<string, string>> = {
  label: 'Label',
  transcript: 'Transcript',
  review: 'Review',
  note: 'Note',
  flag: 'Flag',
};

function Value({ children }: { readonly children: string | null }) {
  return children === null ? <span className="secondary">none</span> : <bdi>{children}</bdi>;
}

export function PreviewDialog({ selection, changes, onAnswer }: PreviewDialogProps) {
  const preview = useQuery({
    ...calls.decisions.preview.queryOptions({ input: { selection, changes } }),
    gcTime: 0,
  });
  const data = preview.data;
  return (
    <Dialog
      title={data ? `Change ${counted(data.applied, 'clip')}?` : 'Change several clips?'}
      isOpen
      onClose={() => onAnswer(false)}
      footnote={
        data && data.unchanged > 0
          ? `${count(data.unchanged)} of ${counted(data.clips, 'clip')} have it already`
          : 'One undo takes all of it back.'
      }
      actions={
        <>
          <Button onPress={() => onAnswer(false)}>Cancel</Button>
          <Button
            // Enter must find it: it takes the focus once it can be pressed.
            key={data ? 'ready' : 'counting'}
            tone="primary"
            autoFocus={data !== undefined}
            isDisabled={!data || data.applied === 0}
            onPress={() => onAnswer(true)}
            keys="Enter"
          >
            {data ? `Change ${counted(data.applied, 'clip')}` : 'Change'}
          </Button>
        </>
      }
    >
      {preview.isPending && <Spinner label="Counting" />}
      {preview.error && (
        <ErrorNotice error={errorDataOf(preview.error)} onRetry={() => void preview.refetch()} />
      )}
      {data && (
        <table className="decision-groups">
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col">From</th>
              <th scope="col">To</th>
              <th scope="col" className="numeric">
                Clips
              </th>
            </tr>
          </thead>
          <tbody>
            {data.groups.map((group) => (
              <tr key={`${group.field} ${group.from} ${group.to}`}>
                <td className="secondary">{fieldTitles[group.field] ?? group.field}</td>
                <td>
                  <Value>{group.from}</Value>
                </td>
                <td>
                  <Value>{group.to}</Value>
                </td>
                <td className="numeric">{count(group.count)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {data && data.examples.length > 0 && (
        <p className="secondary small decision-examples">
          Such as{' '}
          {data.examples.slice(0, 3).map((example, index) => (
            <span key={example.id}>
              {index > 0 && ', '}
              <bdi>{example.path}</bdi>
            </span>
          ))}
        </p>
      )}
    </Dialog>
  );
}
