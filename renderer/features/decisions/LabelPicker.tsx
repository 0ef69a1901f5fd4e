// Type to find a label, Enter. The clip's own label and the run's prediction are said beside the list; a new label
// is possible but never by accident: it is its own entry at the end.
import { useQuery } from '@tanstack/react-query';
import { Command } from 'cmdk';
import { useState } from 'react';
import { calls } from '../../lib/client.ts';
import { count, counted } from '../../lib/format.ts';
import { useProject } from '../../lib/project.ts';
import { Dialog, KeyHint } from '../../ui/index.ts';

interface LabelPickerProps {
  readonly ids: readonly number[];
  readonly onAnswer: (label: string | null) => void;
}

/** Plain containment beats fuzzy order here: `no` must find `no` before `none` and `snow`. */
function rank(value: string, search: string): number {
  const label = value.toLocaleLowerCase();
  const wanted = search.trim().toLocaleLowerCase();
  if (label === wanted) return 1;
  if (label.startsWith(wanted)) return 0.8;
  return label.includes(wanted) ? 0.5 : 0;
}

export function LabelPicker({ ids, onAnswer }: LabelPickerProps) {
  const project = useProject();
  const [search, setSearch] = useState('');
  const [onlyId] = ids;
  const one = useQuery({
    ...calls.clips.get.queryOptions({ input: { id: onlyId ?? 1 } }),
    enabled: ids.length === 1,
  });
  const labels = project?.labels ?? [];
  const favourites = project?.favouriteLabels ?? [];
  const wanted = search.trim();
  const isNew = wanted !== '' && !labels.some(({ label }) => label === wanted);
  const row = one.data?.row;
  const proposed = one.data?.flags.find((flag) => flag.proposed !== null && flag.status === 'open')?.proposed;

  const hint = (label: string): string => {
    if (label === row?.label) return 'now';
    if (label === proposed) return 'proposed';
    return label === row?.predicted ? 'predicted' : '';
  };
  return (
    <Dialog
      title={ids.length === 1 ? 'Relabel the clip' : `Relabel ${counted(ids.length, 'clip')}`}
      isTitleHidden
      size="small"
      isOpen
      onClose={() => onAnswer(null)}
    >
      <Command
        className="palette"
        label="Labels"
        loop
        filter={(value, text) => (value.startsWith('new\u0000') ? 0.01 : rank(value, text))}
      >
        <Command.Input
          autoFocus
          value={search}
          onValueChange={setSearch}
          dir="auto"
          placeholder={
            ids.length === 1
              ? `Label instead of ${row?.label ?? 'none'}`
              : `Label for ${counted(ids.length, 'clip')}`
          }
        />
        <Command.List label="Labels">
          <Command.Empty>No such label.</Command.Empty>
          {labels.map(({ label, count: clips }) => {
            const digit = favourites.indexOf(label) + 1;
            return (
              <Command.Item key={label} value={label} onSelect={() => onAnswer(label)}>
                <span dir="auto" className="ellipsis">
                  {label} <span className="secondary small">{hint(label)}</span>
                </span>
                <span className="key-caps">
                  {digit > 0 && <KeyHint keys={String(digit)} />}
                  <span className="secondary small">{count(clips)}</span>
                </span>
              </Command.Item>
            );
          })}
          {isNew && (
            <Command.Item value={`new\u0000${wanted}`} onSelect={() => onAnswer(wanted)}>
              <span>
                New label <bdi>“{wanted}”</bdi>
              </span>
              <span className="secondary small">not in the dataset yet</span>
            </Command.Item>
          )}
        </Command.List>
      </Command>
    </Dialog>
  );
}
