// Which column of a table fills which field of a clip. A column fills one field at most.
import { type MappableField, mappableFields } from '../../../shared/domain/dataset.ts';
import { Button, Select } from '../../ui/index.ts';
import { columnOf, type Mapping, withColumn } from './mapping.ts';

const titles: Readonly<Record<MappableField, string>> = {
  path: 'Recording (path)',
  label: 'Label',
  transcript: 'Transcript',
  split: 'Split',
  speaker: 'Speaker',
  gender: 'Gender',
  age: 'Age',
  accent: 'Accent',
  locale: 'Locale',
};

export function MappingFields(props: {
  readonly columns: readonly string[];
  readonly suggested: Mapping;
  readonly value: Mapping;
  readonly onChange: (mapping: Mapping) => void;
}) {
  const { columns, suggested, value, onChange } = props;
  const options = [
    { id: '', title: 'not in the table' },
    ...columns.map((column) => ({ id: column, title: column })),
  ];
  return (
    <div className="import-section import-mapping">
      <div className="import-mapping-head">
        <h2>Columns</h2>
        {Object.keys(value).length > 0 && (
          <Button isSmall tone="quiet" onPress={() => onChange({})}>
            As suggested
          </Button>
        )}
      </div>
      {mappableFields.map((field) => (
        <div key={field} className="import-column">
          <span className="secondary" aria-hidden="true">
            {titles[field]}
          </span>
          <Select
            label={titles[field]}
            isLabelHidden
            options={options}
            value={columnOf(field, suggested, value)}
            onChange={(column) => onChange(withColumn(value, field, column))}
          />
        </div>
      ))}
    </div>
  );
}
