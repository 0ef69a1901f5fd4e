// What few models have: inputs that carry a state from window to window, and inputs that are always the same number.
import type { ReactNode } from 'react';
import { Button } from '../../../ui/index.ts';
import { valueAt, withValue } from '../draft.ts';
import { ChoiceInput, ListInput, NumberInput, TensorInput, TextInput } from './fields.tsx';
import { useModelForm } from './form.ts';

const types = ['float32', 'int32', 'int64', 'bool'].map((id) => ({ id, title: id }));

const sizesOf = (text: string): unknown[] =>
  text
    .split(/[\s,[\]]+/)
    .filter((word) => word !== '')
    .map((word) => (Number.isFinite(Number(word)) ? Number(word) : word));

const sizesText = (sizes: unknown): string => (Array.isArray(sizes) ? sizes.map(String).join(', ') : '');

export function Extras({ path, names }: { readonly path: string; readonly names: readonly string[] | null }) {
  const { draft } = useModelForm();
  const states = listAt(draft, `${path}.states`);
  const constants = listAt(draft, `${path}.constants`);
  return (
    <details className="models-extras" {...(states.length + constants.length > 0 ? { open: true } : {})}>
      <summary className="secondary">States and constants</summary>
      <EntryList
        path={`${path}.states`}
        entries={states}
        title="State"
        addTitle="Add a state"
        added={{ input: '', output: '', shape: [1] }}
      >
        {(entry) => (
          <>
            <TensorInput path={`${entry}.input`} label="Input" names={names} />
            <TextInput path={`${entry}.output`} label="Is next what this output was" />
            <ListInput path={`${entry}.shape`} label="Shape" read={sizesOf} show={sizesText} />
          </>
        )}
      </EntryList>
      <EntryList
        path={`${path}.constants`}
        entries={constants}
        title="Constant"
        addTitle="Add a constant"
        added={{ input: '', type: 'float32', value: 0 }}
      >
        {(entry) => (
          <>
            <TensorInput path={`${entry}.input`} label="Input" names={names} />
            <ChoiceInput path={`${entry}.type`} label="Type" options={types} />
            <NumberInput path={`${entry}.value`} label="Every element is" />
            <ListInput
              path={`${entry}.shape`}
              label="Shape (empty: one number)"
              read={sizesOf}
              show={sizesText}
            />
          </>
        )}
      </EntryList>
    </details>
  );
}

function listAt(draft: unknown, path: string): readonly unknown[] {
  const list = valueAt(draft, path);
  return Array.isArray(list) ? list : [];
}

function EntryList(props: {
  readonly path: string;
  readonly entries: readonly unknown[];
  readonly title: string;
  readonly addTitle: string;
  readonly added: unknown;
  readonly children: (path: string) => ReactNode;
}) {
  const { path, entries, title, addTitle, added, children } = props;
  const { draft, change } = useModelForm();
  const write = (next: readonly unknown[]) =>
    change(withValue(draft, path, next.length === 0 ? undefined : next));
  return (
    <>
      {entries.map((_, at) => (
        <fieldset
          // biome-ignore lint/suspicious/noArrayIndexKey: entries are told apart by their place
          key={at}
          className="models-extra"
          aria-label={`${title} ${at + 1}`}
        >
          <div className="models-fields">{children(`${path}.${at}`)}</div>
          <Button isSmall tone="danger" onPress={() => write(entries.filter((_entry, i) => i !== at))}>
            Remove
          </Button>
        </fieldset>
      ))}
      <Button isSmall tone="quiet" icon="plus" onPress={() => write([...entries, added])}>
        {addTitle}
      </Button>
    </>
  );
}
