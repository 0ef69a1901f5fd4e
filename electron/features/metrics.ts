// What a run says about the data: the confusion matrix and all figures of ALGORITHMS 1, over any filter.
//   metricsOf         for the Confusions and Classes views and the `metrics` command
//   arrayMetrics      the same figures of arrays, for `arrays metrics`
//   metricsDocument   the command's document
import type { MetricsResult, matrixOrders } from '../../shared/contract/runs.ts';
import { EarmarkError } from '../../shared/errors.ts';
import {
  bootstrapF1Intervals,
  classificationReport,
  confusionMatrix,
  type Interval,
  orderClasses,
  probabilityMetrics,
  topConfusions,
} from '../compute/index.ts';
import { matchingRows } from './clips.ts';
import type { OpenProject } from './open-project.ts';
import type { RunColumns, WorkingSet } from './working-set/index.ts';

const TOP_CONFUSIONS = 200;
/** Resampling is left out above this many classes: 1,000 resamples of a 1,000 x 1,000 matrix take too long to wait for. */
const MAX_BOOTSTRAP_CLASSES = 200;

type MatrixOrder = (typeof matrixOrders)[number];

interface MetricsInput {
  readonly run: string;
  readonly filter: string;
  readonly order?: MatrixOrder;
  /** As scikit-learn's zero_division=0: undefined figures count as 0. */
  readonly zeroDivision?: 0 | undefined;
}

/** Given and predicted class of each item, in one list of labels; -1 = missing. */
interface Judged {
  readonly labels: readonly string[];
  readonly given: Int32Array;
  readonly predicted: Int32Array;
  /** Of a run with probabilities: N x labels, row-major, and the given classes, -1 where a row has none that can be used. */
  readonly probabilities: { readonly values: Float32Array; readonly given: Int32Array } | null;
}

export type Metrics = Omit<MetricsResult, 'run'> & {
  topConfusions: { given: string; predicted: string; count: number; shareOfGiven: number }[];
  reliability: { from: number; to: number; n: number; confidence: number | null; accuracy: number | null }[];
};

function pair(interval: Interval | null | undefined): [number, number] | null {
  return interval ? [interval[0], interval[1]] : null;
}

/** What is computed from judged items, whatever the order of the classes. */
function countsOf({ labels, given, predicted, probabilities }: Judged, zeroDivision: 0 | undefined) {
  const k = labels.length;
  const confusion = confusionMatrix(given, predicted, k);
  return {
    labels,
    ...confusion,
    report: classificationReport(confusion.matrix, k, { zeroDivision }),
    bootstrap: k <= MAX_BOOTSTRAP_CLASSES ? bootstrapF1Intervals(confusion.matrix, k) : null,
    byProbability: probabilities ? probabilityMetrics(probabilities.given, probabilities.values, k) : null,
  };
}
type Counts = ReturnType<typeof countsOf>;

/** All figures; classes in the order asked for. */
function figuresOf(counts: Counts, order: MatrixOrder): Metrics {
  const { labels, matrix, counted, missing, report, bootstrap, byProbability } = counts;
  const k = labels.length;
  const places = [...orderClasses(matrix, k, order, labels)];
  const nameOf = (index: number): string => labels[index] ?? '';
  const notes: string[] = [];
  const undefinedClasses = report.classes.filter(({ f1 }) => f1 === null).length;
  if (undefinedClasses > 0)
    notes.push(
      `${undefinedClasses} labels are neither given nor predicted here; they are left out of the averages.`,
    );
  if (bootstrap === null && k > 0)
    notes.push(`With more than ${MAX_BOOTSTRAP_CLASSES} labels no intervals of F1 are computed.`);
  if (byProbability && !byProbability.isProbability)
    notes.push(
      'The scores are no probabilities (some lie outside 0 to 1): log loss and calibration are left out.',
    );
  return {
    n: counted,
    leftOut: missing,
    accuracy: report.accuracy,
    accuracyInterval: pair(report.accuracyInterval),
    balancedAccuracy: report.balancedAccuracy,
    macroF1: report.macroF1,
    macroF1Interval: pair(bootstrap?.macroF1),
    weightedF1: report.weightedF1,
    kappa: report.kappa,
    mcc: report.mcc,
    logLoss: byProbability?.logLoss ?? null,
    ece: byProbability?.ece ?? null,
    labels: places.map(nameOf),
    matrix: places.map((row) => places.map((column) => matrix[row * k + column] ?? 0)),
    classes: places.map((place) => {
      const figures = report.classes[place];
      if (!figures) throw new Error(`no figures of class ${place}`);
      const ranking = byProbability?.classes[place];
      return {
        label: nameOf(place),
        support: figures.support,
        predicted: figures.predicted,
        correct: figures.correct,
        precision: figures.precision,
        precisionInterval: pair(figures.precisionInterval),
        recall: figures.recall,
        recallInterval: pair(figures.recallInterval),
        f1: figures.f1,
        f1Interval: pair(bootstrap?.f1[place]),
        rocAuc: ranking?.rocAuc ?? null,
        averagePrecision: ranking?.averagePrecision ?? null,
      };
    }),
    notes,
    topConfusions: topConfusions(matrix, k, TOP_CONFUSIONS).map((confusion) => ({
      given: nameOf(confusion.given),
      predicted: nameOf(confusion.predicted),
      count: confusion.count,
      shareOfGiven: confusion.shareOfGiven,
    })),
    reliability: [...(byProbability?.reliability ?? [])],
  };
}

function runNamed(set: WorkingSet, name: string): RunColumns {
  const run = set.runs.get(name);
  if (!run) throw new EarmarkError('run/unknown', `There is no run "${name}" in this project.`);
  return run;
}

/** Speech clips of the filter that are present, as classes of one list: labels given here, predicted here, or known to the run. */
function judge(project: OpenProject, run: RunColumns, filter: string): Judged {
  const { set } = project;
  const rows = matchingRows(set, filter)
    .toRows()
    .filter((row) => run.isPredicted[row] === 1 || (set.codes.label.codes[row] ?? -1) >= 0);
  const isNeeded = new Uint8Array(set.labels.size);
  for (const label of run.labels) isNeeded[set.labels.add(label)] = 1;
  for (const row of rows) {
    for (const code of [set.codes.label.codes[row] ?? -1, run.predicted.codes[row] ?? -1])
      if (code >= 0) isNeeded[code] = 1;
  }
  const labels: string[] = [];
  const classOf = new Int32Array(set.labels.size).fill(-1);
  for (let code = 0; code < isNeeded.length; code++) {
    const label = set.labels.valueOf(code);
    if (isNeeded[code] !== 1 || label === null) continue;
    classOf[code] = labels.length;
    labels.push(label);
  }
  const classAt = (codes: Int32Array, row: number): number => classOf[codes[row] ?? -1] ?? -1;
  const given = Int32Array.from(rows, (row) => classAt(set.codes.label.codes, row));
  const predicted = Int32Array.from(rows, (row) => classAt(run.predicted.codes, row));
  return { labels, given, predicted, probabilities: probabilitiesOf(run, rows, labels, given) };
}

function probabilitiesOf(
  run: RunColumns,
  rows: Int32Array,
  labels: readonly string[],
  given: Int32Array,
): Judged['probabilities'] {
  const matrix = run.probabilities();
  if (matrix === null) return null;
  const k = labels.length;
  const width = matrix.labels.length;
  const columns = labels.map((label) => matrix.labels.indexOf(label));
  const values = new Float32Array(rows.length * k);
  const usable = Int32Array.from(given);
  for (let at = 0; at < rows.length; at++) {
    const source = run.probabilityRows[rows[at] ?? -1] ?? -1;
    if (source < 0 || !isFiniteFrom(matrix.data, source * width, width)) {
      usable[at] = -1;
      continue;
    }
    for (let column = 0; column < k; column++) {
      const from = columns[column] as number;
      if (from >= 0) values[at * k + column] = matrix.data[source * width + from] as number;
    }
  }
  return { values, given: usable };
}

/** Whether so many numbers from `start` on are finite: asked for every row, so without a view of each. */
function isFiniteFrom(data: Float32Array, start: number, length: number): boolean {
  for (let at = start; at < start + length; at++) if (!Number.isFinite(data[at])) return false;
  return true;
}

/** Kept while the project does not change: another order, or the other view, asks for the same again. */
const kept = new WeakMap<WorkingSet, { version: number; counts: Map<string, Counts> }>();
const MAX_KEPT = 8;

function keptCounts(set: WorkingSet, key: string, compute: () => Counts): Counts {
  let entry = kept.get(set);
  if (entry === undefined || entry.version !== set.version || entry.counts.size >= MAX_KEPT) {
    entry = { version: set.version, counts: new Map() };
    kept.set(set, entry);
  }
  const counts = entry.counts.get(key) ?? compute();
  entry.counts.set(key, counts);
  return counts;
}

export function metricsOf(project: OpenProject, input: MetricsInput): Metrics & { run: string } {
  const { filter, zeroDivision } = input;
  const run = runNamed(project.set, input.run);
  const key = JSON.stringify([run.name, filter, zeroDivision]);
  const counts = keptCounts(project.set, key, () => countsOf(judge(project, run, filter), zeroDivision));
  return { run: run.name, ...figuresOf(counts, input.order ?? 'name') };
}

/** The share of right predictions alone, for lists of runs; null without labelled, predicted clips. */
export function accuracyOf(project: OpenProject, name: string): number | null {
  const { set } = project;
  const { predicted } = runNamed(set, name);
  const { codes } = set.codes.label;
  let right = 0;
  let n = 0;
  for (let row = 0; row < set.size; row++) {
    const given = codes[row] ?? -1;
    const guess = predicted.codes[row] ?? -1;
    if (given < 0 || guess < 0) continue;
    n += 1;
    if (given === guess) right += 1;
  }
  return n === 0 ? null : right / n;
}

/** The document of the `metrics` commands. */
export function metricsDocument(metrics: Metrics & { run?: string }) {
  const { n, leftOut, ...rest } = metrics;
  return { n, leftOut, ...rest };
}

/** The figures of arrays: class numbers given, and predicted or as N x K probabilities. Labels are the numbers. */
export function arrayMetrics(input: {
  readonly given: Int32Array;
  readonly predicted: Int32Array | null;
  readonly probabilities: { readonly probs: Float32Array; readonly k: number } | null;
  readonly zeroDivision: 0 | undefined;
}) {
  const { given, probabilities } = input;
  const predicted =
    input.predicted ?? (probabilities ? argmaxRows(probabilities.probs, probabilities.k) : new Int32Array());
  const highest = (values: Int32Array): number => values.reduce((most, value) => Math.max(most, value), -1);
  const k = Math.max(probabilities?.k ?? 0, highest(given) + 1, highest(predicted) + 1);
  if (probabilities && k > probabilities.k) {
    throw new EarmarkError(
      'arrays/labels',
      `The labels go up to class ${k - 1}, but the probabilities have ${probabilities.k} columns.`,
    );
  }
  const judged: Judged = {
    labels: Array.from({ length: k }, (_, label) => String(label)),
    given,
    predicted,
    probabilities: probabilities ? { values: probabilities.probs, given } : null,
  };
  return metricsDocument(figuresOf(countsOf(judged, input.zeroDivision), 'name'));
}

/** The first of the largest values of each row. */
function argmaxRows(values: Float32Array, k: number): Int32Array {
  const rows = k === 0 ? 0 : values.length / k;
  const best = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    let at = row * k;
    for (let index = at + 1; index < (row + 1) * k; index++)
      if ((values[index] ?? 0) > (values[at] ?? 0)) at = index;
    best[row] = at - row * k;
  }
  return best;
}
