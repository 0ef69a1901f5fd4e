// The note of a clip. What was typed stays here until the engine has it on disk.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { calls } from '../../lib/client.ts';
import { counted } from '../../lib/format.ts';
import { Button, Dialog, TextField } from '../../ui/index.ts';
import { decide } from './decide.ts';

interface NoteEditorProps {
  readonly ids: readonly number[];
  readonly onAnswer: (isSaved: boolean | null) => void;
}

export function NoteEditor({ ids, onAnswer }: NoteEditorProps) {
  const [onlyId] = ids;
  const one = useQuery({
    ...calls.clips.get.queryOptions({ input: { id: onlyId ?? 1 } }),
    enabled: ids.length === 1,
  });
  const [typed, setTyped] = useState<string | null>(null);
  const [isSaving, setIsSaving] = useState(false);
  const text = typed ?? one.data?.row.note ?? '';
  const save = async () => {
    setIsSaving(true);
    const isSaved = await decide.note(text, ids, { isPreviewed: true });
    setIsSaving(false);
    if (isSaved) onAnswer(true);
  };
  return (
    <Dialog
      title={ids.length === 1 ? 'Note' : `Note on ${counted(ids.length, 'clip')}`}
      size="small"
      isOpen
      onClose={() => onAnswer(null)}
      footnote={isSaving ? 'Saving' : 'An empty note takes it away.'}
      actions={
        <Button tone="primary" keys="Ctrl Enter" isDisabled={isSaving} onPress={() => void save()}>
          Save
        </Button>
      }
    >
      <TextField
        label="Note"
        isLabelHidden
        autoFocus
        rows={4}
        value={text}
        onChange={setTyped}
        onSubmit={() => void save()}
      />
    </Dialog>
  );
}
