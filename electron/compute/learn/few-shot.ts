// A keyword from a few examples (ALGORITHMS 13; Mazumder et al. 2021, "Few-shot keyword spotting in any language"): a
// softmax head on frozen embeddings that tells the new word from other words and from background.
import { EarmarkError } from '../../../shared/errors.ts';
import { checkFeatures, type Features, shuffle } from '../embeddings/features.ts';
import { type Interval, wilsonInterval } from '../intervals.ts';
import { createRandom } from '../random.ts';
import { fitSoftmax, predictSoftmax, type SoftmaxLayer } from './softmax.ts';

export interface FewShotInput extends Features {
  /** Rows of the examples, five are good. */
  readonly targets: Int32Array;
  /** Rows that hold other words: four or more. */
  readonly unknowns: Int32Array;
  /** Rows of background noise; may be empty. */
  readonly backgrounds: Int32Array;
  /** Embeddings of the examples shifted in time or with noise, M x D, and the place in `targets` of each one's example. */
  readonly variants?: { readonly data: Float32Array; readonly of: Int32Array } | null;
  /** Share of other words that the threshold may let through; default 0.01. */
  readonly falseAcceptRate?: number;
  readonly seed?: number;
}

export interface FewShotHead {
  readonly layer: SoftmaxLayer;
  /** A row is found when its target score is at least this. */
  readonly threshold: number;
  /** What the threshold let through of unknown rows that neither the head nor the threshold had seen. */
  readonly accepted: number;
  readonly heldOut: number;
  readonly falseAcceptRate: number;
  /** Wilson 95% interval of that rate. */
  readonly interval: Interval;
  /** Unknown rows that the threshold was chosen on. With fewer than 1 / the wanted rate it lets none of them through. */
  readonly calibration: number;
  /** By place in `targets`: a head trained without the example and its variants. Empty for a single example. */
  readonly leaveOneOut: readonly LeftOut[];
}

export interface LeftOut {
  /** The example's own target score, and the threshold of that head. */
  readonly score: number;
  readonly threshold: number;
  readonly isFound: boolean;
}

/** Share of the loss that target, unknown and background rows carry, however many they are. */
const CLASS_WEIGHTS = [0.45, 0.45, 0.1] as const;
/** Share of the target's weight that variants carry, however many: noise should not be what the word is known by. */
const VARIANTS_WEIGHT = 0.5;
/** Penalty, in parts of the loss's weight. Among 0.001, 0.01, 0.1 and 1 the best on spoken digits from five examples. */
const L2 = 0.01;
const MAX_TRAINING_UNKNOWNS = 5000;
const MAX_HELD_OUT = 20_000;

interface Bank {
  readonly training: Int32Array;
  readonly calibration: Int32Array;
  readonly heldOut: Int32Array;
}

/**
 * Trains the head on the examples, their variants, half of the unknown rows (5,000 at most) and the background. The
 * threshold is the lowest that lets at most the wanted share of a quarter of the unknown rows through; its rate is
 * measured on the last quarter. The same seed gives the same head. Yields after each of the trainings: the head's and
 * one for each example left out. NaN rows may be in `features` as long as they are not used.
 * Errors: `few-shot/no-examples`, `few-shot/no-unknowns` below four, `few-shot/rate`, and as `checkFeatures`.
 */
export function* trainFewShot(
  input: FewShotInput,
): Generator<{ readonly done: number; readonly total: number }, FewShotHead> {
  const { targets, unknowns, backgrounds, falseAcceptRate: wanted = 0.01, seed = 0 } = input;
  if (targets.length === 0) {
    throw new EarmarkError(
      'few-shot/no-examples',
      'Choose at least one clip that says the word; five are good.',
    );
  }
  if (unknowns.length < 4) {
    throw new EarmarkError(
      'few-shot/no-unknowns',
      `At least 4 clips that say something else are needed, but there are ${unknowns.length}. Nothing was learnt.`,
    );
  }
  if (!(wanted > 0 && wanted < 1)) {
    throw new EarmarkError(
      'few-shot/rate',
      `The false-accept rate should lie between 0 and 1, not at ${wanted}.`,
    );
  }
  const bank = splitBank(unknowns, createRandom(seed));
  const total = targets.length > 1 ? targets.length + 1 : 1;
  const learnWithout = (example: number): { layer: SoftmaxLayer; threshold: number } => {
    const layer = learn(input, bank.training, backgrounds, example);
    return { layer, threshold: lowestThreshold(scoresOf(layer, input, bank.calibration), wanted) };
  };

  const { layer, threshold } = learnWithout(-1);
  yield { done: 1, total };
  const leaveOneOut: LeftOut[] = [];
  for (let example = 0; total > 1 && example < targets.length; example++) {
    const without = learnWithout(example);
    const score = scoresOf(without.layer, input, targets.subarray(example, example + 1))[0]!;
    leaveOneOut.push({ score, threshold: without.threshold, isFound: score >= without.threshold });
    yield { done: example + 2, total };
  }
  const heldOut = bank.heldOut.length;
  const accepted = scoresOf(layer, input, bank.heldOut).filter((score) => score >= threshold).length;
  return {
    layer,
    threshold,
    accepted,
    heldOut,
    falseAcceptRate: accepted / heldOut,
    interval: wilsonInterval(accepted, heldOut)!,
    calibration: bank.calibration.length,
    leaveOneOut,
  };
}

/** Target scores of all N rows, 0..1, high = the new word; NaN for rows that hold NaN. */
export function scoreTargets({ layer }: { readonly layer: SoftmaxLayer }, features: Features): Float32Array {
  return scoresOf(
    layer,
    features,
    Int32Array.from({ length: features.n }, (_, row) => row),
  );
}

function scoresOf(layer: SoftmaxLayer, features: Features, rows: Int32Array): Float32Array {
  const scores = new Float32Array(rows.length);
  predictSoftmax(layer, features, rows, (place, probabilities) => {
    scores[place] = probabilities[0]!;
  });
  return scores;
}

function splitBank(unknowns: Int32Array, random: () => number): Bank {
  const mixed = shuffle(unknowns.slice(), random);
  const training = Math.min(mixed.length >> 1, MAX_TRAINING_UNKNOWNS);
  const each = Math.min((mixed.length - training) >> 1, MAX_HELD_OUT);
  return {
    training: mixed.subarray(0, training),
    calibration: mixed.subarray(training, training + each),
    heldOut: mixed.subarray(training + each, training + 2 * each),
  };
}

/** A head from all examples but one (-1: all), with the rows copied together: variants are rows of no dataset. */
function learn(
  { features, d, targets, variants }: FewShotInput,
  unknowns: Int32Array,
  backgrounds: Int32Array,
  leftOut: number,
): SoftmaxLayer {
  const parts: [Float32Array, number, 0 | 1 | 2][] = [];
  for (const [place, row] of targets.entries()) if (place !== leftOut) parts.push([features, row, 0]);
  for (const [row, place] of (variants?.of ?? []).entries()) {
    if (place !== leftOut) parts.push([variants!.data, row, 0]);
  }
  for (const row of unknowns) parts.push([features, row, 1]);
  for (const row of backgrounds) parts.push([features, row, 2]);

  const own = targets.length - (leftOut < 0 ? 0 : 1);
  const n = parts.length;
  const rows = Int32Array.from({ length: n }, (_, row) => row);
  const data = new Float32Array(n * d);
  const labels = Int32Array.from(parts, ([, , label]) => label);
  const counts = [0, 0, 0];
  for (const [at, [from, row, label]] of parts.entries()) {
    data.set(from.subarray(row * d, (row + 1) * d), at * d);
    counts[label]!++;
  }
  const training = { features: data, n, d };
  checkFeatures(training, 'The examples and the clips beside them');
  const share = CLASS_WEIGHTS.reduce((sum, weight, label) => sum + (counts[label]! > 0 ? weight : 0), 0);
  // Examples come first, their variants after them.
  const varied = counts[0]! - own;
  const rowWeights = Float64Array.from(labels, (label, row) => {
    const ofClass = CLASS_WEIGHTS[label]! / share;
    if (label !== 0 || varied === 0) return ofClass / counts[label]!;
    return row < own ? (ofClass * (1 - VARIANTS_WEIGHT)) / own : (ofClass * VARIANTS_WEIGHT) / varied;
  });
  const fit = fitSoftmax({
    ...training,
    rows,
    labels,
    k: backgrounds.length > 0 ? 3 : 2,
    rowWeights,
    l2: L2,
  });
  let step = fit.next();
  while (!step.done) step = fit.next();
  return step.value;
}

/** The lowest threshold that at most `share` of the scores reach. */
function lowestThreshold(scores: Float32Array, share: number): number {
  const falling = scores.toSorted().reverse();
  const allowed = Math.floor(share * falling.length);
  const refused = falling[allowed]!;
  const accepted = falling[allowed - 1] ?? refused;
  const between = (refused + accepted) / 2;
  return between > refused ? between : refused + Math.max(refused, 1e-30) * 2 ** -22;
}
