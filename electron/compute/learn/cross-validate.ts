// Out-of-sample probabilities for every row: each fold is predicted by a softmax layer trained on the other folds.
import { EarmarkError } from '../../../shared/errors.ts';
import { checkFeatures, checkLabels, type Features } from '../embeddings/features.ts';
import { createRandom } from '../random.ts';
import { dealFolds } from './folds.ts';
import { fitSoftmax, predictSoftmax } from './softmax.ts';

export interface CrossValidationInput extends Features {
  /** N label codes; -1 = none: such rows are predicted, but not trained on. */
  readonly labels: Int32Array;
  readonly classes: number;
  /** Default 5. */
  readonly folds?: number;
  /** N codes of speakers, -1 = unknown; null mixes speakers. With them nobody is predicted by a layer that heard them. */
  readonly groups?: Int32Array | null;
  readonly seed?: number;
  /** Default D / 3: weights that would give logits a deviation of 1.7 are expected. */
  readonly l2?: number;
}

export interface CrossValidationProgress {
  readonly fold: number;
  readonly folds: number;
  readonly iteration: number;
  /** Share of the whole that is done, 0..1, estimated within a fold. */
  readonly done: number;
}

export interface MissingClass {
  readonly label: number;
  /** Its training rows held no clip of the class, so its predictions give the class probability 0. */
  readonly fold: number;
}

export interface CrossValidation {
  /** N x K, out of sample; rows sum to 1. */
  readonly probabilities: Float32Array;
  /** N: the fold that each row was predicted in. */
  readonly foldOf: Int32Array;
  /** Share of the labelled rows whose most probable class is their label. */
  readonly accuracy: number;
  /** Classes that have clips, but none in the training rows of a fold: their probabilities there mean nothing. */
  readonly missing: readonly MissingClass[];
  /** Classes that have fewer clips than there are folds: some folds are predicted without a clip to test them on. */
  readonly scarce: readonly number[];
}

/**
 * K-fold logistic regression, stratified or by group. Yields after every step of every fit, so that the caller can show
 * progress or stop. Memory: N x K floats and one layer.
 * Errors: as `checkFeatures`, `checkLabels` and `dealFolds`; `cross-validation/one-class` below two classes with clips;
 * `cross-validation/fold-one-class` when the training rows of a fold hold a single class.
 */
export function* crossValidate(
  input: CrossValidationInput,
): Generator<CrossValidationProgress, CrossValidation> {
  const { n, d, labels, classes, folds = 5, groups = null, seed = 0, l2 = d / 3 } = input;
  checkFeatures(input);
  checkLabels(labels, n, classes);
  const counts = new Int32Array(classes);
  for (const label of labels) if (label >= 0) counts[label]!++;
  const present = [...counts.keys()].filter((label) => counts[label]! > 0);
  if (present.length < 2) {
    throw new EarmarkError(
      'cross-validation/one-class',
      `Probabilities need clips of two labels or more, but there ${present.length === 1 ? 'is one label' : 'are no labels'}. Nothing was computed.`,
    );
  }
  const foldOf = dealFolds(labels, classes, folds, groups, createRandom(seed));
  const probabilities = new Float32Array(n * classes);
  const missing: MissingClass[] = [];
  for (let fold = 0; fold < folds; fold++) {
    const { rows, codes, known } = trainingRows(labels, foldOf, fold, classes);
    for (const label of present) if (!known.includes(label)) missing.push({ label, fold });
    if (known.length < 2) {
      throw new EarmarkError(
        'cross-validation/fold-one-class',
        `Without fold ${fold + 1} of ${folds} there is only one label left to learn from. Nothing was kept; choose more folds, or folds that mix speakers.`,
        { fold },
      );
    }
    const fit = fitSoftmax({ features: input.features, n, d, rows, labels: codes, k: known.length, l2 });
    let step = fit.next();
    for (; !step.done; step = fit.next()) {
      const { iteration, gradientShare } = step.value;
      // The gradient falls to 0.003 about evenly on a logarithmic scale.
      const inFold = Math.min(Math.max(-Math.log10(gradientShare) / 2.5, 0), 1);
      yield { fold, folds, iteration, done: (fold + inFold) / folds };
    }
    const heldOut = Int32Array.from([...foldOf.keys()].filter((row) => foldOf[row] === fold));
    predictSoftmax(step.value, input, heldOut, (place, predicted) => {
      const start = heldOut[place]! * classes;
      for (let c = 0; c < known.length; c++) probabilities[start + known[c]!] = predicted[c]!;
    });
  }
  return {
    probabilities,
    foldOf,
    accuracy: accuracyOf(probabilities, labels, classes),
    missing,
    scarce: present.filter((label) => counts[label]! < folds),
  };
}

/** Labelled rows outside the fold, their labels as codes of the classes that occur, and those classes. */
function trainingRows(
  labels: Int32Array,
  foldOf: Int32Array,
  fold: number,
  classes: number,
): { rows: Int32Array; codes: Int32Array; known: number[] } {
  const rows: number[] = [];
  const codeOf = new Int32Array(classes).fill(-1);
  for (let row = 0; row < labels.length; row++) {
    if (labels[row]! < 0 || foldOf[row] === fold) continue;
    rows.push(row);
    codeOf[labels[row]!] = 0;
  }
  const known = [...codeOf.keys()].filter((label) => codeOf[label] === 0);
  for (const [code, label] of known.entries()) codeOf[label] = code;
  return { rows: Int32Array.from(rows), codes: Int32Array.from(rows, (row) => codeOf[labels[row]!]!), known };
}

function accuracyOf(probabilities: Float32Array, labels: Int32Array, classes: number): number {
  let [right, labelled] = [0, 0];
  for (let row = 0; row < labels.length; row++) {
    if (labels[row]! < 0) continue;
    labelled++;
    let best = 0;
    for (let c = 1; c < classes; c++) {
      if (probabilities[row * classes + c]! > probabilities[row * classes + best]!) best = c;
    }
    if (best === labels[row]) right++;
  }
  return right / labelled;
}
