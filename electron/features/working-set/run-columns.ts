// What one run says about each row. Labels share the working set's dictionary, so that a confusion is two codes.
import type { PredictionRecord } from '../../catalog/records.ts';
import { type CodeColumn, codeColumn, type NumberColumn, numberColumn } from './columns.ts';
import type { Dictionary } from './dictionary.ts';

/** Row r of `data` (labels.length values) belongs to the prediction with `row` = r. */
export interface ProbabilityMatrix {
  readonly data: Float32Array;
  readonly labels: readonly string[];
}

export interface RunInput {
  readonly name: string;
  readonly labels: readonly string[];
  readonly hasProbabilities: boolean;
  readonly predictions: Iterable<PredictionRecord>;
}

export class RunColumns {
  readonly name: string;
  readonly labels: readonly string[];
  readonly hasProbabilities: boolean;
  readonly predicted: CodeColumn;
  readonly confidence: NumberColumn;
  readonly latencyMs: NumberColumn;
  readonly hypothesis: CodeColumn;
  /** 1 where the run has a prediction of the clip at all. */
  readonly isPredicted: Uint8Array;
  /** Row of the probability matrix; -1 = none. */
  readonly probabilityRows: Int32Array;
  readonly #labelDictionary: Dictionary;
  readonly #load: (run: string) => ProbabilityMatrix | null;
  #matrix: ProbabilityMatrix | null | undefined;
  #columns: Int32Array = new Int32Array(0);

  constructor(
    input: RunInput,
    rows: number,
    rowOf: (clipId: number) => number,
    labelDictionary: Dictionary,
    transcriptDictionary: Dictionary,
    load: (run: string) => ProbabilityMatrix | null,
  ) {
    this.name = input.name;
    this.labels = input.labels;
    this.hasProbabilities = input.hasProbabilities;
    this.predicted = codeColumn(rows, labelDictionary);
    this.confidence = numberColumn(rows);
    this.latencyMs = numberColumn(rows);
    this.hypothesis = codeColumn(rows, transcriptDictionary);
    this.isPredicted = new Uint8Array(rows);
    this.probabilityRows = new Int32Array(rows).fill(-1);
    this.#labelDictionary = labelDictionary;
    this.#load = load;
    for (const prediction of input.predictions) {
      const row = rowOf(prediction.clipId);
      if (row < 0) continue;
      this.isPredicted[row] = 1;
      this.predicted.codes[row] = labelDictionary.add(prediction.predicted);
      this.confidence.values[row] = prediction.confidence ?? Number.NaN;
      this.latencyMs.values[row] = prediction.latencyMs ?? Number.NaN;
      this.hypothesis.codes[row] = transcriptDictionary.add(prediction.hypothesis);
      this.probabilityRows[row] = prediction.row;
    }
  }

  /** The probabilities, read on first use and kept; null for runs without. */
  probabilities(): ProbabilityMatrix | null {
    if (this.#matrix === undefined) this.#matrix = this.hasProbabilities ? this.#load(this.name) : null;
    return this.#matrix;
  }

  /** By code of the label dictionary: column of the probability matrix; -1 = not a label of this run. */
  columnsByCode(): Int32Array {
    const matrix = this.probabilities();
    if (this.#columns.length === this.#labelDictionary.size && this.#columns.length > 0) return this.#columns;
    const codes = matrix === null ? [] : matrix.labels.map((label) => this.#labelDictionary.add(label));
    const columns = new Int32Array(this.#labelDictionary.size).fill(-1);
    codes.forEach((code, column) => {
      columns[code] = column;
    });
    this.#columns = columns;
    return columns;
  }

  /** The probability of the label with this code for a row; NaN = not known. */
  probabilityAt(row: number, labelCode: number): number {
    const matrix = this.probabilities();
    const matrixRow = this.probabilityRows[row] ?? -1;
    if (matrix === null || matrixRow < 0 || labelCode < 0) return Number.NaN;
    const column = this.columnsByCode()[labelCode] ?? -1;
    return column < 0 ? Number.NaN : (matrix.data[matrixRow * matrix.labels.length + column] ?? Number.NaN);
  }
}
