// Label issues by confident learning, with cleanlab 2.9's semantics to the last item: thresholds, confident
// joint, the five filters, label quality scores and the ranking (FORMATS 9; Northcutt, Jiang, Chuang, "Confident
// learning: estimating uncertainty in dataset labels", JAIR 2021). Probabilities should be out of sample.

import type { LabelIssueMethod } from '../../shared/domain/flag.ts';
import { assertNever, EarmarkError } from '../../shared/errors.ts';
import { type PruneInput, pruneByClass, pruneByNoiseRate } from './label-issues-prune.ts';
import { type LabelScan, type Probabilities, scanLabels } from './label-issues-scan.ts';
import { argsortAsNumpy, roundHalfEven, sumAsNumpy } from './numpy-order.ts';

export type { Probabilities } from './label-issues-scan.ts';

export const labelQualityMethods = [
  'self_confidence',
  'normalized_margin',
  'confidence_weighted_entropy',
] as const;
export type LabelQualityMethod = (typeof labelQualityMethods)[number];

/** A probability this much under a threshold or under the best label still counts as reaching it. */
const CLOSE = 1e-6;
/** Threshold of a label nobody was given: above every probability. */
const MISSING_CLASS_THRESHOLD = 2;
const LOWEST_THRESHOLD = 2 * CLOSE;

export interface LabelIssueInput {
  /** N given labels, 0..k-1. */
  readonly labels: Int32Array;
  /** N x k, row-major, each in [0, 1]; float32 values are computed with as float64. */
  readonly probs: Probabilities;
  readonly n: number;
  readonly k: number;
}

export interface LabelIssueOptions {
  /** Default `prune_by_noise_rate`. */
  readonly filterBy?: LabelIssueMethod;
  /** The score that ranks the issues; default `self_confidence`. */
  readonly rankBy?: LabelQualityMethod;
  /** Classes with this many items or fewer keep all of them (pruning filters); default 1. */
  readonly minExamplesPerClass?: number;
}

export interface LabelIssues {
  readonly n: number;
  readonly k: number;
  /** K: mean probability of label j over the items given j; 2 for a label nobody was given. */
  readonly thresholds: Float64Array;
  /** K x K, [given, likely true]: confident counts calibrated to the given labels' counts. */
  readonly confidentJoint: Int32Array;
  /** K: items by given label. */
  readonly classCounts: Int32Array;
  /** Rows flagged, ascending. */
  readonly issues: Int32Array;
  /** The same rows, worst first. */
  readonly ranked: Int32Array;
  /** The score of each row in `ranked`, by `rankBy`. 0..1, low = bad. */
  readonly rankedScores: Float64Array;
  /** N: the most probable label (the first one among equals). */
  readonly proposed: Int32Array;
  /** N: probability of the given label. */
  readonly selfConfidence: Probabilities;
  /** N: largest probability among the other labels. */
  readonly bestOther: Probabilities;
  /** How many items are confidently counted as another label: cleanlab's `num_label_issues`. */
  readonly confidentIssueCount: number;
}

/** What a flag's sentence is made of. */
export interface LabelIssueEvidence {
  readonly row: number;
  readonly given: number;
  readonly givenProbability: number;
  readonly proposed: number;
  readonly proposedProbability: number;
}

/**
 * Finds the items whose given label is likely wrong. N = 0 gives no issues.
 * Errors: as `scanLabels`, and `label-issues/min-examples`.
 */
export function findLabelIssues(input: LabelIssueInput, options: LabelIssueOptions = {}): LabelIssues {
  const { labels, probs, n, k } = input;
  const filterBy = options.filterBy ?? 'prune_by_noise_rate';
  const rankBy = options.rankBy ?? 'self_confidence';
  const minExamples = options.minExamplesPerClass ?? 1;
  if (!Number.isSafeInteger(minExamples) || minExamples < 0) {
    throw new EarmarkError(
      'label-issues/min-examples',
      `The smallest number of examples per class must be a whole number from 0 up, not ${minExamples}.`,
    );
  }
  const scan = scanLabels(labels, probs, n, k);
  const thresholds = thresholdsOf(scan, k);
  const judged = judge(labels, probs, n, k, scan, thresholds);
  const confidentJoint = calibrate(judged.joint, scan.counts, n, k);

  const flagged = (): Uint8Array => {
    switch (filterBy) {
      case 'predicted_neq_given':
        return maskOf(judged.contested, n);
      case 'confident_learning':
        return maskOf(judged.confidentOther, n);
      case 'prune_by_noise_rate':
      case 'prune_by_class':
      case 'both': {
        const prune: PruneInput = {
          labels,
          probs,
          n,
          k,
          scan,
          contested: judged.contested,
          minExamples,
          counts: pruneCounts(confidentJoint, k, minExamples),
        };
        if (filterBy === 'prune_by_noise_rate') return pruneByNoiseRate(prune);
        const byClass = pruneByClass(prune);
        if (filterBy === 'prune_by_class') return byClass;
        const byRate = pruneByNoiseRate(prune);
        for (let row = 0; row < n; row++) byRate[row]! &= byClass[row]!;
        return byRate;
      }
      default:
        return assertNever(filterBy);
    }
  };
  const issues = rowsOf(flagged());
  const scores = qualityOfRows(input, scan, rankBy, issues);
  const order = argsortAsNumpy(scores);
  return {
    n,
    k,
    thresholds,
    confidentJoint,
    classCounts: scan.counts,
    issues,
    ranked: order.map((at) => issues[at]!),
    rankedScores: Float64Array.from(order, (at) => scores[at]!),
    proposed: scan.proposed,
    selfConfidence: scan.self,
    bestOther: scan.other,
    confidentIssueCount: judged.confidentOther.length,
  };
}

/** The numbers behind one row's flag. */
export function labelIssueEvidence(found: LabelIssues, labels: Int32Array, row: number): LabelIssueEvidence {
  const given = labels[row]!;
  const proposed = found.proposed[row]!;
  const givenProbability = found.selfConfidence[row]!;
  return {
    row,
    given,
    givenProbability,
    proposed,
    proposedProbability: proposed === given ? givenProbability : found.bestOther[row]!,
  };
}

/** K thresholds: the mean probability of label j over the items given j (2 where nobody was). */
export function confidentThresholds(input: LabelIssueInput): Float64Array {
  return thresholdsOf(scanLabels(input.labels, input.probs, input.n, input.k), input.k);
}

/** K x K calibrated confident joint, [given, likely true]; rows sum to the given labels' counts. */
export function confidentJoint(input: LabelIssueInput): Int32Array {
  const { labels, probs, n, k } = input;
  const scan = scanLabels(labels, probs, n, k);
  return calibrate(judge(labels, probs, n, k, scan, thresholdsOf(scan, k)).joint, scan.counts, n, k);
}

/**
 * N label quality scores, 0..1, low = likely wrong. self_confidence = p[given]; normalized_margin =
 * (p[given] - largest other + 1) / 2; confidence_weighted_entropy = ln(e + 1) / e with e = normalised entropy /
 * p[given]. As in cleanlab, a row whose probability is all on one label has the entropy score 0.
 */
export function labelQuality(
  input: LabelIssueInput,
  method: LabelQualityMethod = 'self_confidence',
): Float64Array {
  const rows = new Int32Array(input.n);
  for (let row = 0; row < rows.length; row++) rows[row] = row;
  return qualityOfRows(input, scanLabels(input.labels, input.probs, input.n, input.k), method, rows);
}

function qualityOfRows(
  { probs, k }: LabelIssueInput,
  { self, other }: LabelScan,
  method: LabelQualityMethod,
  rows: Int32Array,
): Float64Array {
  const scores = new Float64Array(rows.length);
  switch (method) {
    case 'self_confidence':
      for (let i = 0; i < rows.length; i++) scores[i] = self[rows[i]!]!;
      return scores;
    case 'normalized_margin':
      for (let i = 0; i < rows.length; i++) scores[i] = (self[rows[i]!]! - other[rows[i]!]! + 1) / 2;
      return scores;
    case 'confidence_weighted_entropy': {
      const terms = new Float64Array(k);
      const logK = Math.log(k);
      for (let i = 0; i < rows.length; i++) {
        const row = rows[i]!;
        for (let j = 0; j < k; j++) {
          const p = probs[row * k + j]!;
          terms[j] = p > 0 ? p * Math.log(p) : 0;
        }
        const entropy = k > 1 ? -sumAsNumpy(terms, 0, k) / logK : 0;
        const weighted = entropy / Math.max(self[row]!, CLOSE);
        scores[i] = Math.log(weighted + 1) / Math.max(weighted, CLOSE);
      }
      return scores;
    }
    default:
      return assertNever(method);
  }
}

function thresholdsOf(scan: LabelScan, k: number): Float64Array {
  const { grouped, starts, counts } = scan;
  const thresholds = new Float64Array(k);
  for (let c = 0; c < k; c++) {
    const count = counts[c]!;
    const mean = count === 0 ? MISSING_CLASS_THRESHOLD : sumAsNumpy(grouped, starts[c]!, count) / count;
    thresholds[c] = Math.max(mean, LOWEST_THRESHOLD);
  }
  return thresholds;
}

interface Judged {
  /** K x K confident counts, before the diagonal's minimum and the calibration. */
  readonly joint: Int32Array;
  /** Rows whose most probable label still differs after the given one gets 1e-6: only these can be issues. */
  readonly contested: Int32Array;
  /** The contested rows that are confidently counted under another label. */
  readonly confidentOther: Int32Array;
}

function judge(
  labels: Int32Array,
  probs: Probabilities,
  n: number,
  k: number,
  { self, other, proposed }: LabelScan,
  thresholds: Float64Array,
): Judged {
  const joint = new Int32Array(k * k);
  const contested = new Int32Array(n);
  const confidentOther = new Int32Array(n);
  let contestedCount = 0;
  let confidentCount = 0;
  const reach = thresholds.map((t) => t - CLOSE);
  const lowestReach = reach.reduce((low, r) => Math.min(low, r), Number.POSITIVE_INFINITY);
  for (let row = 0; row < n; row++) {
    const given = labels[row]!;
    const own = self[row]!;
    const best = other[row]!;
    let most = own;
    let likely = given;
    let isContested = false;
    if (best >= own) {
      most = best;
      likely = proposed[row]!;
      const raised = own + CLOSE;
      if (raised < best || (raised === best && likely < given)) {
        isContested = true;
        contested[contestedCount++] = row;
      }
    }
    if (most < lowestReach) continue;
    // One confident label: that one. Several: the most probable label, confident or not. So the others need a
    // look only where the most probable one does not reach its own threshold.
    const counted = most >= reach[likely]! ? likely : confidentLabel(probs, row * k, k, reach, likely);
    if (counted < 0) continue;
    joint[given * k + counted]!++;
    if (isContested && counted !== given) confidentOther[confidentCount++] = row;
  }
  return {
    joint,
    contested: contested.slice(0, contestedCount),
    confidentOther: confidentOther.slice(0, confidentCount),
  };
}

/** The label a row counts under when its most probable label is not confident; -1 when none is. */
function confidentLabel(
  probs: Probabilities,
  base: number,
  k: number,
  reach: Float64Array,
  likely: number,
): number {
  let found = -1;
  for (let j = 0; j < k; j++) {
    if (probs[base + j]! < reach[j]!) continue;
    if (found >= 0) return likely;
    found = j;
  }
  return found;
}

/** Confident counts scaled to the given labels' counts and rounded, the row totals kept. */
function calibrate(joint: Int32Array, counts: Int32Array, n: number, k: number): Int32Array {
  // Stored as [true, given], the memory order in which the reference sums: it decides the total's last bit.
  const scaled = new Float64Array(k * k);
  for (let given = 0; given < k; given++) {
    let total = 0;
    for (let j = 0; j < k; j++) total += Math.max(joint[given * k + j]!, j === given ? 1 : 0);
    for (let j = 0; j < k; j++) {
      const count = Math.max(joint[given * k + j]!, j === given ? 1 : 0);
      scaled[j * k + given] = (count / total) * counts[given]!;
    }
  }
  const sum = Math.max(sumAsNumpy(scaled), 1e-100);
  const result = new Int32Array(k * k);
  const row = new Float64Array(k);
  for (let given = 0; given < k; given++) {
    for (let j = 0; j < k; j++) row[j] = (scaled[j * k + given]! / sum) * n;
    result.set(roundKeepingSum(row), given * k);
  }
  return result;
}

/**
 * Rounds half to even, then moves the items with the largest (or smallest) remainder by one until the total is
 * the rounded sum again.
 */
export function roundKeepingSum(values: Float64Array): Int32Array {
  const rounded = values.map(roundHalfEven);
  const wanted = roundHalfEven(sumAsNumpy(values));
  let total = rounded.reduce((sum, value) => sum + value, 0);
  while (total !== wanted) {
    const step = wanted > total ? 1 : -1;
    const moves = Math.min(Math.abs(wanted - total), values.length);
    const order = argsortAsNumpy(values.map((value, i) => value - rounded[i]!));
    for (let i = 0; i < moves; i++) rounded[step > 0 ? order[order.length - 1 - i]! : order[i]!]! += step;
    total += step * moves;
  }
  return Int32Array.from(rounded);
}

/**
 * K x K, [given, true]: how many items of each given label to prune for each likely true label; the diagonal
 * counts the ones to keep, at least `minExamples` of them. What the diagonal gains is taken in equal parts from
 * the other counts and cut to whole items.
 */
function pruneCounts(joint: Int32Array, k: number, minExamples: number): Int32Array {
  const counts = new Int32Array(k * k);
  for (let given = 0; given < k; given++) {
    const kept = joint[given * k + given]!;
    const diagonal = Math.max(kept, minExamples);
    let nonZero = 0;
    for (let j = 0; j < k; j++) if (joint[given * k + j] !== 0) nonZero++;
    const share = (diagonal - kept) / Math.max(nonZero - 1, 1);
    for (let j = 0; j < k; j++) {
      counts[given * k + j] = j === given ? diagonal : Math.trunc(Math.max(joint[given * k + j]! - share, 0));
    }
  }
  return counts;
}

function maskOf(rows: Int32Array, n: number): Uint8Array {
  const mask = new Uint8Array(n);
  for (let i = 0; i < rows.length; i++) mask[rows[i]!] = 1;
  return mask;
}

function rowsOf(mask: Uint8Array): Int32Array {
  let count = 0;
  for (let row = 0; row < mask.length; row++) count += mask[row]!;
  const rows = new Int32Array(count);
  for (let row = 0, at = 0; at < count; row++) if (mask[row] === 1) rows[at++] = row;
  return rows;
}
