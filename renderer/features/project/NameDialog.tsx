// Who decides here: the name that every decision of this project carries from now on.
import { useState } from 'react';
import type { ProjectInfo } from '../../../shared/contract/project.ts';
import { client, errorDataOf } from '../../lib/client.ts';
import { noteRevision } from '../../lib/events.ts';
import { notify } from '../../lib/state/notices.ts';
import { Button, Dialog, ErrorNotice, TextField } from '../../ui/index.ts';

const LONGEST = 80;

export function NameDialog(props: { readonly project: ProjectInfo; readonly onClose: () => void }) {
  const { project, onClose } = props;
  const [name, setName] = useState(project.by);
  const [failure, setFailure] = useState<unknown>(null);
  const wanted = name.trim();
  const isPossible = wanted !== '' && wanted.length <= LONGEST;
  const save = async () => {
    if (!isPossible) return;
    try {
      const { revision } = await client.project.setPreferences({ by: wanted });
      noteRevision(revision);
      notify({ kind: 'done', lead: 'saved', text: `Decisions are by ${wanted} from now on` });
      onClose();
    } catch (error) {
      setFailure(error);
    }
  };
  return (
    <Dialog
      title="Your name in the history"
      size="small"
      isOpen
      onClose={onClose}
      actions={
        <Button tone="primary" keys="Enter" isDisabled={!isPossible} onPress={() => void save()}>
          Save
        </Button>
      }
    >
      <TextField
        label="Name"
        autoFocus
        value={name}
        onChange={setName}
        onSubmit={() => void save()}
        error={wanted.length > LONGEST ? `At most ${LONGEST} characters.` : null}
        description="Every decision says who made it. Decisions made before keep the name they have."
      />
      {failure !== null && <ErrorNotice error={errorDataOf(failure)} />}
    </Dialog>
  );
}
