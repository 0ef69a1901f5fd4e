// The labels of the digits 1 to 9, in an order of the person's own.
import { useState } from 'react';
import type { ProjectInfo } from '../../../shared/contract/project.ts';
import { client, errorDataOf } from '../../lib/client.ts';
import { noteRevision } from '../../lib/events.ts';
import { Button, Dialog, ErrorNotice, IconButton, KeyHint } from '../../ui/index.ts';
import { LabelBox } from './LabelBox.tsx';

const MOST = 9;

export function FavouritesDialog(props: { readonly project: ProjectInfo; readonly onClose: () => void }) {
  const { project, onClose } = props;
  const [labels, setLabels] = useState<readonly string[]>(project.favouriteLabels.slice(0, MOST));
  const [failure, setFailure] = useState<unknown>(null);
  const all = project.labels.map(({ label }) => label);
  const swap = (at: number) =>
    setLabels(
      labels.map((label, i) => (i === at - 1 ? labels[at] : i === at ? labels[at - 1] : label) ?? label),
    );
  const save = async () => {
    try {
      const { revision } = await client.project.setPreferences({ favouriteLabels: [...labels] });
      noteRevision(revision);
      onClose();
    } catch (error) {
      setFailure(error);
    }
  };
  return (
    <Dialog
      title="Favourite labels"
      size="small"
      isOpen
      onClose={onClose}
      footnote="Kept in the project."
      actions={
        <Button tone="primary" onPress={() => void save()}>
          Save
        </Button>
      }
    >
      <ol className="favourites">
        {labels.map((label, index) => (
          <li key={label}>
            <KeyHint keys={String(index + 1)} />
            <bdi className="ellipsis">{label}</bdi>
            <IconButton
              icon="up"
              title={`Move ${label} up`}
              isDisabled={index === 0}
              onPress={() => swap(index)}
            />
            <IconButton
              icon="close"
              title={`Take ${label} out`}
              onPress={() => setLabels(labels.filter((other) => other !== label))}
            />
          </li>
        ))}
        {labels.length < MOST && (
          <li>
            <KeyHint keys={String(labels.length + 1)} />
            <LabelBox
              key={labels.length}
              labels={all.filter((label) => !labels.includes(label))}
              onChoose={(label) => setLabels([...labels, label])}
            />
          </li>
        )}
      </ol>
      {failure !== null && <ErrorNotice error={errorDataOf(failure)} />}
    </Dialog>
  );
}
