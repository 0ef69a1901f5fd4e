// The order people expect of names: `clip2` before `clip10`, letters by the rules of writing rather than by code.

const collator = new Intl.Collator('en', { numeric: true });

/** Above this many values the collator is too slow for an interactive sort; keys are compared instead. */
const COLLATOR_LIMIT = 5000;

/** For sorting few values. The locale is fixed, so that the order is the same on every machine. */
export function compareNaturally(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}

const digits = /\d+/g;

/**
 * A string whose plain order is the natural order of the text: lower case, and every run of digits is preceded by its
 * length (without leading zeros), so that longer numbers come later.
 */
export function naturalKey(text: string): string {
  return text.toLowerCase().replace(digits, (run) => {
    const significant = run.replace(/^0+(?=\d)/, '');
    return String.fromCharCode(0x30 + Math.min(significant.length, 0x1000)) + significant;
  });
}

/**
 * The rank of each value in natural order, 0 = first. Equal values are given ranks in the order they stand.
 * O(n log n); a million paths take seconds, so the caller keeps the result.
 */
export function naturalRanks(values: readonly string[]): Int32Array {
  const order = new Int32Array(values.length);
  for (let i = 0; i < order.length; i++) order[i] = i;
  if (values.length <= COLLATOR_LIMIT) {
    order.sort((a, b) => compareNaturally(values[a]!, values[b]!) || a - b);
  } else {
    const keys = values.map(naturalKey);
    order.sort((a, b) => {
      const left = keys[a]!;
      const right = keys[b]!;
      return left < right ? -1 : left > right ? 1 : a - b;
    });
  }
  const ranks = new Int32Array(values.length);
  for (let i = 0; i < order.length; i++) ranks[order[i]!] = i;
  return ranks;
}
