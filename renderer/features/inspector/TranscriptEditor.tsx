// The sentence of a clip. What is typed stays until it is on disk, also while other clips are looked at; Esc goes back
// to the list, "As it was" gives the stored sentence back.
import { useEffect, useRef, useState } from 'react';
import type { ClipRow } from '../../../shared/domain/clip.ts';
import { useCommands } from '../../lib/commands.ts';
import { focusList } from '../../lib/focus.ts';
import { useProject } from '../../lib/project.ts';
import { Button, TextField } from '../../ui/index.ts';
import { decide } from '../decisions/index.ts';
import { draftSaved, setDraft, useDrafts } from './drafts.ts';

export function TranscriptEditor({ row }: { readonly row: ClipRow }) {
  const project = useProject();
  const isReadOnly = project?.isReadOnly ?? true;
  const key = `${project?.id} ${row.id}`;
  const draft = useDrafts(({ drafts }) => drafts.get(key));
  const [isSaving, setIsSaving] = useState(false);
  /** What is on disk while the clip is read again. */
  const [saved, setSaved] = useState<string | null>(null);
  const root = useRef<HTMLDivElement>(null);
  const stored = row.transcript ?? '';
  // biome-ignore lint/correctness/useExhaustiveDependencies: the clip was read again
  useEffect(() => setSaved(null), [row]);
  const text = draft ?? saved ?? stored;
  const isEdited = draft !== undefined && draft !== (saved ?? stored);

  const area = () => root.current?.querySelector('textarea') ?? null;
  useCommands([
    {
      id: 'decisions.transcript',
      title: 'Edit the transcript',
      group: 'Decide',
      keys: ['T'],
      when: () => !isReadOnly && area()?.checkVisibility() === true,
      run: () => area()?.focus(),
    },
  ]);
  const save = async () => {
    if (!isEdited || isSaving) return;
    setIsSaving(true);
    if (await decide.transcript(text === '' ? null : text, [row.id])) {
      setSaved(text);
      draftSaved(key, text);
    }
    setIsSaving(false);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Esc leaves the field for the list
    <div
      ref={root}
      className="transcript-editor"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.nativeEvent.isComposing) return;
        event.stopPropagation();
        focusList();
      }}
    >
      <TextField
        label="Transcript"
        isLabelHidden
        rows={2}
        placeholder="No transcript"
        isReadOnly={isReadOnly}
        value={text}
        onChange={(typed) => setDraft(key, typed === stored ? null : typed)}
        onSubmit={() => void save()}
      />
      {isEdited && (
        <div className="inspector-actions">
          <Button isSmall tone="primary" keys="Ctrl Enter" isDisabled={isSaving} onPress={() => void save()}>
            Save
          </Button>
          <Button isSmall onPress={() => setDraft(key, null)}>
            As it was
          </Button>
        </div>
      )}
      {row.transcript !== row.originalTranscript && (
        <p className="secondary small">
          imported as <bdi>{row.originalTranscript ?? 'none'}</bdi>
        </p>
      )}
    </div>
  );
}
