// Multinomial logistic regression on embeddings: a softmax layer with an L2 penalty.
import type { Features } from '../embeddings/features.ts';
import { type MinimisationStep, minimise } from './lbfgs.ts';
import { preconditionerOf } from './preconditioner.ts';
import { parameterCount, type Scaling, scalingOf, softmaxLoss, softmaxRows } from './softmax-loss.ts';

const MAX_ITERATIONS = 200;
const TOLERANCE = 3e-3;

export interface SoftmaxLayer {
  readonly d: number;
  readonly k: number;
  readonly scaling: Scaling;
  /** K x D weights of the scaled columns, then K biases. */
  readonly parameters: Float64Array;
}

export interface SoftmaxTraining extends Features {
  readonly rows: Int32Array;
  /** By place in `rows`: 0..k-1. */
  readonly labels: Int32Array;
  readonly k: number;
  readonly rowWeights?: Float64Array | null;
  /** Default: of the training rows, as they weigh. */
  readonly scaling?: Scaling;
  readonly l2: number;
}

/**
 * Minimises the weighted log loss plus l2 / 2 x the sum of squared weights on columns scaled to mean 0 and deviation 1
 * over the training rows (constant ones get no weight), until the gradient is 0.003 of the first one. Float64 parameters; the same
 * input gives the same bits. Yields after every step. At least one row; features checked by the caller.
 */
export function* fitSoftmax(training: SoftmaxTraining): Generator<MinimisationStep, SoftmaxLayer> {
  const { features, n, d, rows, labels, k, rowWeights = null, l2 } = training;
  const { scaling = scalingOf(training, rows, rowWeights) } = training;
  const problem = { features, n, d, scaling, rows, labels, k, rowWeights, l2 };
  const parameters = new Float64Array(parameterCount(problem));
  yield* minimise(parameters, {
    evaluate: (at, gradient) => softmaxLoss(problem, at, gradient),
    precondition: preconditionerOf(problem),
    maxIterations: MAX_ITERATIONS,
    tolerance: TOLERANCE,
  });
  return { d, k, scaling, parameters };
}

/** Calls `use` with each of `rows` (by place) and its K probabilities, in a buffer that is used again. */
export function predictSoftmax(
  { scaling, parameters, k }: SoftmaxLayer,
  features: Features,
  rows: Int32Array,
  use: (place: number, probabilities: Float64Array) => void,
): void {
  softmaxRows({ ...features, scaling, k }, parameters, rows, use);
}
