// Minimising a smooth convex function of many parameters.

/** Steps whose differences are remembered. */
const MEMORY = 10;
/** Share of the promised decrease that a step has to bring. */
const SUFFICIENT = 1e-4;

export interface Minimisation {
  /** Value at the parameters; overwrites `gradient`. */
  readonly evaluate: (parameters: Float64Array, gradient: Float64Array) => number;
  /** Multiplies in place by a guess of the inverse second derivative. */
  readonly precondition: (gradient: Float64Array) => void;
  readonly maxIterations: number;
  /** Ends when the gradient's length falls to this share of the first one's. */
  readonly tolerance: number;
}

export interface MinimisationStep {
  readonly iteration: number;
  readonly value: number;
  /** Length of the gradient as a share of the first one's. */
  readonly gradientShare: number;
}

/**
 * L-BFGS (Nocedal & Wright, "Numerical optimization", algorithm 7.4) from `parameters`, which it changes in place; each
 * step halves until it decreases the value enough. Yields after every step; returns when the gradient is short enough,
 * when no step helps (the precision is used up) or after `maxIterations`.
 */
export function* minimise(
  parameters: Float64Array,
  { evaluate, precondition, maxIterations, tolerance }: Minimisation,
): Generator<MinimisationStep, void> {
  const size = parameters.length;
  let gradient: Float64Array = new Float64Array(size);
  let nextGradient: Float64Array = new Float64Array(size);
  const trial = new Float64Array(size);
  const direction = new Float64Array(size);
  const history: { step: Float64Array; change: Float64Array; curvature: number }[] = [];
  let value = evaluate(parameters, gradient);
  const first = Math.sqrt(dot(gradient, gradient));
  for (let iteration = 1; iteration <= maxIterations; iteration++) {
    if (!(Math.sqrt(dot(gradient, gradient)) > tolerance * first)) return;
    direction.set(gradient);
    descend(direction, history, precondition);
    const slope = dot(direction, gradient);
    let length = 1;
    let next = Number.POSITIVE_INFINITY;
    for (; length > 1e-10; length /= 2) {
      for (let i = 0; i < size; i++) trial[i] = parameters[i]! - length * direction[i]!;
      next = evaluate(trial, nextGradient);
      if (next <= value - SUFFICIENT * length * slope) break;
    }
    if (!(next < value)) return;
    const oldest = history.length === MEMORY ? history.shift() : undefined;
    const step = oldest?.step ?? new Float64Array(size);
    const change = oldest?.change ?? new Float64Array(size);
    for (let i = 0; i < size; i++) {
      step[i] = trial[i]! - parameters[i]!;
      change[i] = nextGradient[i]! - gradient[i]!;
    }
    const curvature = dot(step, change);
    if (curvature > 0) history.push({ step, change, curvature });
    parameters.set(trial);
    value = next;
    [gradient, nextGradient] = [nextGradient, gradient];
    yield { iteration, value, gradientShare: Math.sqrt(dot(gradient, gradient)) / first };
  }
}

/** The two-loop recursion: a gradient becomes a direction, in place. */
function descend(
  direction: Float64Array,
  history: readonly { step: Float64Array; change: Float64Array; curvature: number }[],
  precondition: (gradient: Float64Array) => void,
): void {
  const taken = new Float64Array(history.length);
  for (let h = history.length - 1; h >= 0; h--) {
    const { step, change, curvature } = history[h]!;
    taken[h] = dot(step, direction) / curvature;
    addScaled(direction, change, -taken[h]!);
  }
  precondition(direction);
  const latest = history.at(-1);
  if (latest) {
    const scaled = latest.change.slice();
    precondition(scaled);
    const gain = latest.curvature / dot(latest.change, scaled);
    for (let i = 0; i < direction.length; i++) direction[i]! *= gain;
  }
  for (let h = 0; h < history.length; h++) {
    const { step, change, curvature } = history[h]!;
    addScaled(direction, step, taken[h]! - dot(change, direction) / curvature);
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function addScaled(a: Float64Array, b: Float64Array, factor: number): void {
  for (let i = 0; i < a.length; i++) a[i]! += factor * b[i]!;
}
