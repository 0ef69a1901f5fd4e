// The scores of the head as a run: the word against everything else, for the filter, the table and the confusions.
import { useState } from 'react';
import { useProject } from '../../lib/project.ts';
import { Button, Dialog, TextField } from '../../ui/index.ts';
import { train } from './train.ts';

const LONGEST_NAME = 120;

export function SaveRunDialog({ word, onClose }: { readonly word: string; readonly onClose: () => void }) {
  const taken = useProject()?.runs.map(({ name }) => name) ?? [];
  const [name, setName] = useState(`keyword ${word}`);
  const wanted = name.trim();
  const problem = taken.includes(wanted)
    ? 'Another run has this name.'
    : wanted.length > LONGEST_NAME
      ? `At most ${LONGEST_NAME} characters.`
      : null;
  const isPossible = wanted !== '' && problem === null;
  const save = () => {
    if (!isPossible) return;
    void train(wanted);
    onClose();
  };
  return (
    <Dialog
      title="Save as a run"
      size="small"
      isOpen
      onClose={onClose}
      actions={
        <Button tone="primary" keys="Enter" isDisabled={!isPossible} onPress={save}>
          Save the run
        </Button>
      }
    >
      <TextField
        label="Name of the run"
        autoFocus
        value={name}
        onChange={setName}
        onSubmit={save}
        error={problem}
        description={`Every clip gets its probability of "${word}" and of "other", and is predicted as "${word}" from the threshold on. The head is trained once more on the examples as they are now.`}
      />
    </Dialog>
  );
}
