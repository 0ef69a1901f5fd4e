// Which format the dataset is in: what it looks like, likeliest first and with the reason, and the others below.
import { Radio, RadioGroup } from 'react-aria-components';
import { type DatasetFormat, datasetFormats, datasetFormatTitles } from '../../../shared/domain/dataset.ts';

export interface Candidate {
  readonly format: DatasetFormat;
  readonly confidence: number;
  readonly why: string;
}

const meanings: Readonly<Record<DatasetFormat, string>> = {
  'speech-commands': 'A folder per word, list files for the splits, background noise.',
  'common-voice': 'TSV tables beside a folder of clips.',
  pattern: 'The names of the files say label, speaker and so on.',
  folder: 'Each folder’s name is the label of the clips in it.',
  table: 'A CSV, TSV or JSONL with one row per clip.',
};

export function FormatChoice(props: {
  readonly candidates: readonly Candidate[];
  readonly value: DatasetFormat | null;
  readonly onChange: (format: DatasetFormat) => void;
}) {
  const { candidates, value, onChange } = props;
  const others = datasetFormats.filter((format) => !candidates.some((found) => found.format === format));
  return (
    <RadioGroup
      className="import-section import-formats"
      aria-label="Format"
      value={value ?? ''}
      onChange={(next) => {
        const format = datasetFormats.find((known) => known === next);
        if (format) onChange(format);
      }}
    >
      <h2>Format</h2>
      {candidates.length === 0 && (
        <p className="warn">This looks like none of the formats. Choose the one it should be read as.</p>
      )}
      {candidates.map((candidate, index) => (
        <Choice
          key={candidate.format}
          format={candidate.format}
          detail={candidate.why}
          mark={index === 0 ? 'likeliest' : null}
        />
      ))}
      {candidates.length > 0 && others.length > 0 && (
        <p className="import-others secondary small">It does not look like</p>
      )}
      {others.map((format) => (
        <Choice key={format} format={format} detail={meanings[format]} mark={null} />
      ))}
    </RadioGroup>
  );
}

function Choice(props: {
  readonly format: DatasetFormat;
  readonly detail: string;
  readonly mark: string | null;
}) {
  return (
    <Radio value={props.format} className="import-format">
      <span className="radio-mark" aria-hidden="true" />
      <span>
        <span className="import-format-title">{datasetFormatTitles[props.format]}</span>
        {props.mark && <span className="secondary small"> {props.mark}</span>}
        <span className="secondary import-format-why">{props.detail}</span>
      </span>
    </Radio>
  );
}
