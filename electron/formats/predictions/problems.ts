// Collects what is wrong with predictions: one entry per kind, counted, with a few examples.

export interface PredictionProblem {
  readonly code: string;
  readonly message: string;
  readonly count: number;
  readonly examples: readonly string[];
}

const MOST_EXAMPLES = 10;

export class ProblemList {
  readonly #found = new Map<string, { message: string; count: number; examples: string[] }>();

  /** `message` stands for the whole kind; the first one given is kept. */
  add(code: string, message: string, example: string): void {
    let entry = this.#found.get(code);
    if (entry === undefined) {
      entry = { message, count: 0, examples: [] };
      this.#found.set(code, entry);
    }
    entry.count++;
    if (entry.examples.length < MOST_EXAMPLES) entry.examples.push(example);
  }

  toArray(): PredictionProblem[] {
    return [...this.#found].map(([code, { message, count, examples }]) => ({
      code,
      message,
      count,
      examples,
    }));
  }
}
