// The file-name pattern, with the place of an error pointed at as it is typed.
import type { ErrorData } from '../../../shared/errors.ts';
import { Button, TextField } from '../../ui/index.ts';

const parts = ['label', 'speaker', 'split', 'transcript', '*'] as const;

export function PatternField(props: {
  readonly value: string;
  readonly suggested: string | null;
  readonly onChange: (pattern: string) => void;
  readonly error: ErrorData | null;
}) {
  const { value, suggested, onChange, error } = props;
  const at = Number(error?.details?.position ?? Number.NaN);
  return (
    <div className="import-section import-pattern">
      <TextField
        label="Pattern of the file names"
        value={value}
        onChange={onChange}
        autoFocus={suggested === null}
        placeholder="{label}_{speaker}_{take}.wav"
        error={error?.message ?? null}
        description={
          error === null
            ? 'Words in braces become fields; a name that is no field of a clip is kept as an extra one. {*} is anything.'
            : null
        }
      />
      {error !== null && Number.isInteger(at) && (
        <p className="import-caret mono" aria-hidden="true">
          {value.slice(0, at)}
          <mark>{value.slice(at, at + 1) || ' '}</mark>
          {value.slice(at + 1)}
        </p>
      )}
      <div className="import-parts">
        {parts.map((part) => (
          <Button key={part} isSmall tone="quiet" onPress={() => onChange(`${value}{${part}}`)}>
            <span className="mono">{`{${part}}`}</span>
          </Button>
        ))}
        {suggested !== null && suggested !== value && (
          <Button isSmall onPress={() => onChange(suggested)}>
            As suggested
          </Button>
        )}
      </div>
    </div>
  );
}
