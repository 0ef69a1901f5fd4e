// Fields that are bound to one place of the description: what is typed is written there, what is wrong there is said.
import { type ReactNode, useState } from 'react';
import { type Option, Select, TextField } from '../../../ui/index.ts';
import { shownAt, valueAt, withValue } from '../draft.ts';
import { useModelForm } from './form.ts';

interface FieldProps {
  /** `clip.samples` */
  readonly path: string;
  readonly label: string;
  readonly description?: ReactNode;
}

/**
 * Text that stands for a value: what was typed stays as it is while it means the value that is there, so that `1.`
 * or an empty line is not tidied away under the person's hands.
 */
function useTyped(value: string): readonly [string, (text: string, meaning: string) => void] {
  const [typed, setTyped] = useState({ text: value, meaning: value });
  return [
    typed.meaning === value ? typed.text : value,
    (text, meaning) => setTyped({ text, meaning }),
  ] as const;
}

const textOf = (value: unknown): string => (value === null || value === undefined ? '' : String(value));

/** A line of text; empty takes the field out of the description when it is optional. */
export function TextInput(props: FieldProps & { readonly isOptional?: boolean; readonly rows?: number }) {
  const { path, label, description, rows } = props;
  const { draft, change, problemOf } = useModelForm();
  return (
    <TextField
      label={label}
      value={textOf(valueAt(draft, path))}
      onChange={(text) => change(withValue(draft, path, props.isOptional && text === '' ? undefined : text))}
      error={problemOf(path)}
      {...(rows ? { rows } : {})}
      {...(description ? { description } : {})}
    />
  );
}

interface NumberInputProps extends FieldProps {
  /** What an empty field means; without it an empty field is an error. */
  readonly whenEmpty?: string;
}

/** A number. What is no number is kept as typed, so that the check can name it. */
export function NumberInput({ path, label, description, whenEmpty }: NumberInputProps) {
  const { draft, change, problemOf } = useModelForm();
  const [text, setTyped] = useTyped(textOf(shownAt(draft, path)));
  const write = (next: string) => {
    const trimmed = next.trim();
    const number = Number(trimmed);
    const value =
      trimmed === '' ? (whenEmpty === undefined ? '' : null) : Number.isFinite(number) ? number : trimmed;
    setTyped(next, textOf(value));
    change(withValue(draft, path, value));
  };
  return (
    <TextField
      label={label}
      value={text}
      onChange={write}
      error={problemOf(path)}
      {...(whenEmpty === undefined ? {} : { placeholder: whenEmpty })}
      {...(description ? { description } : {})}
    />
  );
}

interface ChoiceInputProps extends FieldProps {
  readonly options: readonly Option<string>[];
  /** Options stand for numbers. */
  readonly isNumber?: boolean;
}

export function ChoiceInput({ path, label, description, options, isNumber }: ChoiceInputProps) {
  const { draft, change } = useModelForm();
  return (
    <Select
      label={label}
      options={options}
      value={textOf(shownAt(draft, path)) || null}
      onChange={(id) => change(withValue(draft, path, isNumber ? Number(id) : id))}
      {...(description ? { description } : {})}
    />
  );
}

interface ListInputProps extends FieldProps {
  readonly read: (text: string) => unknown;
  readonly show: (value: unknown) => string;
  readonly rows?: number;
}

/** A list typed as text: axes, sizes, labels. */
export function ListInput({ path, label, description, read, show, rows }: ListInputProps) {
  const { draft, change, problemOf } = useModelForm();
  const [text, setTyped] = useTyped(show(valueAt(draft, path)));
  const write = (next: string) => {
    const value = read(next);
    setTyped(next, show(value));
    change(withValue(draft, path, value));
  };
  return (
    <TextField
      label={label}
      value={text}
      onChange={write}
      error={problemOf(path)}
      {...(rows ? { rows } : {})}
      {...(description ? { description } : {})}
    />
  );
}

/** One of a file's inputs or outputs where they are known, else a name that is typed. */
export function TensorInput(props: FieldProps & { readonly names: readonly string[] | null }) {
  const { path, label, names } = props;
  const { draft, change } = useModelForm();
  const value = valueAt(draft, path);
  if (names === null || (value !== undefined && !names.includes(String(value)))) {
    return (
      <TextInput path={path} label={label} isOptional description="Empty where the model has only one." />
    );
  }
  const onlyOne = names.length === 1 ? [{ id: '', title: 'the only one' }] : [];
  return (
    <Select
      label={label}
      options={[...onlyOne, ...names.map((name) => ({ id: name, title: name }))]}
      value={value === undefined ? (names.length === 1 ? '' : null) : String(value)}
      onChange={(id) => change(withValue(draft, path, id === '' ? undefined : id))}
    />
  );
}
