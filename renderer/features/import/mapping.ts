// Which column fills which field: the suggestion, with what the person chose in its place. A column fills one field.
import type { ImportOptions, MappableField } from '../../../shared/domain/dataset.ts';

/** Field -> column; '' = the field is left empty. */
export type Mapping = NonNullable<ImportOptions['mapping']>;

/** The column that fills a field: the chosen one, else the suggested unless another field has it. */
export function columnOf(field: MappableField, suggested: Mapping, chosen: Mapping): string {
  const own = chosen[field];
  if (own !== undefined) return own;
  const offered = suggested[field];
  return offered === undefined || Object.values(chosen).includes(offered) ? '' : offered;
}

/** The choice with one more column; a field that was given the same column before gives it up. */
export function withColumn(chosen: Mapping, field: MappableField, column: string): Mapping {
  const others = Object.entries(chosen).filter(([, taken]) => column === '' || taken !== column);
  return { ...Object.fromEntries(others), [field]: column };
}
