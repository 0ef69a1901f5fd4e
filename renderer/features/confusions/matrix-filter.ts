// The cell that the filter names, and the filter without it. The matrix is drawn over the rest of the filter, so that
// choosing a cell marks it instead of shrinking the matrix to it.
import { type Chip, chipsOf, FilterError, type FilterExpression } from '../../../shared/filter/index.ts';

export interface CellFilter {
  /** The filter's other conditions. */
  readonly context: string;
  readonly given: string | null;
  readonly predicted: string | null;
}

/** The label that a chip of the form `field = value` names. */
function labelIn(
  expression: FilterExpression,
  field: 'label' | 'predicted',
  runs: readonly (string | null)[],
) {
  if (expression.type !== 'compare' || expression.operator !== '=') return null;
  const { term, value } = expression;
  if (term.type !== 'field' || term.field !== field) return null;
  if (field === 'predicted' && !runs.includes(term.run)) return null;
  if (value.type === 'text') return value.text;
  return value.type === 'number' ? String(value.number) : null;
}

/**
 * Splits `label = four AND predicted = seven AND split = test` into the cell four/seven and `split = test`. Only the
 * pair is a cell: a filter for one label alone narrows the matrix like any other.
 * @param isInUse `predicted` without a run's name means the run in use
 */
export function splitFilter(text: string, run: string, isInUse: boolean): CellFilter {
  const whole: CellFilter = { context: text, given: null, predicted: null };
  let chips: Chip[];
  try {
    chips = chipsOf(text);
  } catch (error) {
    if (error instanceof FilterError) return whole;
    throw error;
  }
  const runs = isInUse ? [null, run] : [run];
  const find = (field: 'label' | 'predicted') =>
    chips.find(({ expression }) => labelIn(expression, field, runs) !== null);
  const given = find('label');
  const predicted = find('predicted');
  if (!given || !predicted) return whole;
  return {
    context: chips
      .filter((chip) => chip !== given && chip !== predicted)
      .map((chip) => chip.text)
      .join(' AND '),
    given: labelIn(given.expression, 'label', runs),
    predicted: labelIn(predicted.expression, 'predicted', runs),
  };
}
