// Distinct strings with a small number (code) for each. Codes never change and are never taken back, so columns can
// hold numbers; a value that no row has any more simply stays unused.
import { foldText } from '../../../shared/filter/index.ts';
import { naturalRanks } from './natural-order.ts';

/** The code of null. */
export const NO_VALUE = -1;

const ascii = /^[\x20-\x7e]*$/;

export class Dictionary {
  readonly #values: string[] = [];
  readonly #codes = new Map<string, number>();
  #lastValue: string | null = null;
  #lastCode = NO_VALUE;
  #ranks: Int32Array = new Int32Array(0);
  #folded: string[] = [];
  /** Every value is in composed form (NFC). */
  #isComposed = true;

  /** By code. Grows; do not keep a copy. */
  get values(): readonly string[] {
    return this.#values;
  }

  get size(): number {
    return this.#values.length;
  }

  /** The code of the value, given anew when it is not yet known; -1 for null. */
  add(value: string | null): number {
    if (value === null) return NO_VALUE;
    // Neighbouring rows mostly agree; comparing is much cheaper than hashing.
    if (value === this.#lastValue) return this.#lastCode;
    const code = this.#codes.get(value) ?? this.#addNew(value);
    this.#lastValue = value;
    this.#lastCode = code;
    return code;
  }

  #addNew(value: string): number {
    const code = this.#values.length;
    this.#values.push(value);
    this.#codes.set(value, code);
    if (this.#isComposed && !ascii.test(value) && value !== value.normalize('NFC')) this.#isComposed = false;
    return code;
  }

  /** The code of exactly this string, or -1. */
  codeOf(value: string): number {
    return this.#codes.get(value) ?? NO_VALUE;
  }

  /** Codes whose value is this text when both are composed (NFC): file systems hand out the same name in two forms. */
  codesOf(value: string): number[] {
    const composed = value.normalize('NFC');
    if (this.#isComposed) {
      const code = this.codeOf(composed);
      return code === NO_VALUE ? [] : [code];
    }
    const codes: number[] = [];
    for (let code = 0; code < this.size; code++) {
      if (this.#values[code]!.normalize('NFC') === composed) codes.push(code);
    }
    return codes;
  }

  /** Null for code -1. */
  valueOf(code: number): string | null {
    return code < 0 ? null : (this.#values[code] ?? null);
  }

  /** By code: place in natural order, or by value where all are numbers (natural order knows no sign). */
  ranks(): Int32Array {
    if (this.#ranks.length !== this.size) {
      const natural = naturalRanks(this.#values);
      const numbers = this.asNumbers();
      this.#ranks = numbers === null ? natural : ranksByNumber(numbers, natural);
    }
    return this.#ranks;
  }

  /** By code: what each value reads as, when all of them read as numbers; else null. */
  asNumbers(): Float64Array | null {
    const numbers = new Float64Array(this.size);
    for (let code = 0; code < this.size; code++) {
      const text = this.#values[code]!;
      const number = text.trim() === '' ? Number.NaN : Number(text);
      if (Number.isNaN(number)) return null;
      numbers[code] = number;
    }
    return numbers;
  }

  /** By code: the value without case and diacritics. */
  folded(): readonly string[] {
    for (let code = this.#folded.length; code < this.size; code++)
      this.#folded.push(foldText(this.#values[code]!));
    return this.#folded;
  }
}

/** Equal numbers (1 and 1.0) stay in natural order. */
function ranksByNumber(numbers: Float64Array, natural: Int32Array): Int32Array {
  const codes = Array.from(numbers.keys());
  codes.sort((a, b) => numbers[a]! - numbers[b]! || natural[a]! - natural[b]!);
  const ranks = new Int32Array(numbers.length);
  codes.forEach((code, rank) => {
    ranks[code] = rank;
  });
  return ranks;
}
