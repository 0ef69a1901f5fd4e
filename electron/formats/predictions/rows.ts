// Prediction rows as columns, growing while a file is read: a hundred thousand rows of 35 classes take 14 MB.

/** Parallel columns, one entry per row, in file order. */
export interface PredictionRows {
  readonly clips: readonly string[];
  readonly predicted: readonly (string | null)[];
  /** As given, else the probability of the predicted label. */
  readonly confidence: readonly (number | null)[];
  readonly hypothesis: readonly (string | null)[];
  readonly latencyMs: readonly (number | null)[];
  /** 1-based line in the file that names the clips. */
  readonly lines: readonly number[];
}

export interface PredictionSet {
  readonly form: 'table' | 'array';
  /** Of the probability columns, in their order; null when there are none. */
  readonly labels: readonly string[] | null;
  readonly rows: PredictionRows;
  /** Rows x labels, row-major. A row of NaN has no probabilities. */
  readonly probabilities: Float32Array | null;
  /** What the probabilities looked like in the file. */
  readonly scale: 'probabilities' | 'logits' | 'log-probabilities';
  /** True when softmax was asked for and done. */
  readonly isSoftmaxApplied: boolean;
  readonly problems: readonly { code: string; message: string; count: number; examples: readonly string[] }[];
}

/** A float array that doubles as it fills. */
export class GrowingMatrix {
  readonly columns: number;
  #data: Float32Array;
  #rows = 0;

  constructor(columns: number) {
    this.columns = columns;
    this.#data = new Float32Array(columns * 1024);
  }

  /** Room for one more row: the array and where the row begins in it. Valid until the next call. */
  addRow(): { data: Float32Array; from: number } {
    const from = this.#rows * this.columns;
    if (from + this.columns > this.#data.length) {
      const larger = new Float32Array(this.#data.length * 2);
      larger.set(this.#data);
      this.#data = larger;
    }
    this.#rows++;
    return { data: this.#data, from };
  }

  /** The rows so far, without the spare room. */
  finish(): Float32Array {
    return this.#data.slice(0, this.#rows * this.columns);
  }
}
