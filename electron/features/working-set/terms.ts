// From a term of the filter language to the column that holds its values.
import { type ColumnTerm, FilterError, type Span, type Term } from '../../../shared/filter/index.ts';
import type { BooleanColumn, Column, NumberColumn } from './columns.ts';
import type { RunColumns } from './run-columns.ts';
import type { WorkingSet } from './working-set.ts';

/** A term's values, with a name under which derived results (ranks) can be kept while the version is the same. */
export interface TermColumn {
  readonly key: string;
  readonly version: number;
  readonly column: Column | { readonly type: 'ids'; readonly values: Int32Array };
  /** Values are float32: numbers to compare with are rounded the same way. */
  readonly isSingle: boolean;
}

/**
 * @throws FilterError for an unknown run, no run in use, or a run without probabilities.
 */
export function columnOf(set: WorkingSet, term: Term): TermColumn {
  if (term.type === 'probability') {
    const run = runOf(set, term.run, term.span);
    const column = probabilityColumn(set, run, term.label, term.span);
    const key = JSON.stringify(['p', run.name, term.label]);
    return { key, version: set.version, column, isSingle: true };
  }
  if (term.type === 'column') {
    const column = set.column(term.name);
    if (column === null) throw unknownColumn(set, term);
    return { key: JSON.stringify(['column', term.name]), version: 0, column, isSingle: false };
  }
  const { field } = term;
  const plain = (column: Column): TermColumn => ({
    key: field,
    version: column.version,
    column,
    isSingle: false,
  });
  switch (field) {
    case 'id':
      return { key: field, version: 0, column: { type: 'ids', values: set.ids }, isSingle: false };
    case 'path':
      return plain(set.path);
    case 'sampleHash':
      return plain(set.sampleHash);
    case 'present':
      return plain(set.present);
    case 'flag':
      return plain(set.flag);
    case 'predicted':
    case 'confidence':
    case 'latencyMs':
    case 'hypothesis':
    case 'correct': {
      const run = runOf(set, term.run, term.span);
      const column = field === 'correct' ? correctColumn(set, run) : run[field];
      return { key: JSON.stringify([field, run.name]), version: set.version, column, isSingle: false };
    }
    case 'durationSec':
    case 'sampleRate':
    case 'channels':
    case 'peakDbfs':
    case 'rmsDbfs':
    case 'clippedSamples':
    case 'clippedRuns':
    case 'dcOffset':
    case 'leadingSilenceSec':
    case 'trailingSilenceSec':
    case 'startEdgeDb':
    case 'endEdgeDb':
    case 'fileBytes':
      return plain(set.numbers[field]);
    default:
      return plain(set.codes[field]);
  }
}

function runOf(set: WorkingSet, name: string | null, span: Span): RunColumns {
  const run = set.run(name);
  if (run !== null) return run;
  const names = [...set.runs.keys()];
  const known = names.length === 0 ? 'The project has no runs yet.' : `Runs: ${names.join(', ')}.`;
  const message =
    name === null
      ? `No run is in use (character ${span.position + 1}). Choose one, or name one in parentheses. ${known}`
      : `There is no run "${name}" (character ${span.position + 1}). ${known}`;
  throw new FilterError(message, span, names);
}

function unknownColumn({ columnNames }: WorkingSet, { name, span }: ColumnTerm): FilterError {
  const known =
    columnNames.length === 0
      ? 'What was imported has no columns beside the fields.'
      : `Columns: ${columnNames.join(', ')}.`;
  return new FilterError(
    `There is no column "${name}" (character ${span.position + 1}). ${known}`,
    span,
    columnNames,
  );
}

/** Whether the run predicts the current label; null without a label or a prediction. */
function correctColumn(set: WorkingSet, run: RunColumns): BooleanColumn {
  const values = new Int8Array(set.size);
  const given = set.codes.label.codes;
  const predicted = run.predicted.codes;
  for (let row = 0; row < values.length; row++) {
    const code = given[row]!;
    values[row] = code < 0 || predicted[row]! < 0 ? -1 : code === predicted[row] ? 1 : 0;
  }
  return { type: 'booleans', values, version: set.version };
}

/** One probability per row: of `label`, or of the clip's current label for null. NaN = not known. */
function probabilityColumn(set: WorkingSet, run: RunColumns, label: string | null, span: Span): NumberColumn {
  const matrix = run.probabilities();
  if (matrix === null) {
    throw new FilterError(
      `The run "${run.name}" has no probabilities (character ${span.position + 1}).`,
      span,
      [...set.runs.values()].filter((other) => other.hasProbabilities).map((other) => other.name),
    );
  }
  const { data } = matrix;
  const width = matrix.labels.length;
  const columns = run.columnsByCode();
  const fixed = label === null ? -1 : (columns[set.labels.codesOf(label)[0] ?? -1] ?? -1);
  const given = set.codes.label.codes;
  const rows = run.probabilityRows;
  const values = new Float64Array(set.size).fill(Number.NaN);
  for (let row = 0; row < values.length; row++) {
    const matrixRow = rows[row]!;
    const column = label === null ? (columns[given[row]!] ?? -1) : fixed;
    if (matrixRow >= 0 && column >= 0) values[row] = data[matrixRow * width + column] ?? Number.NaN;
  }
  return { type: 'numbers', values, version: set.version };
}
