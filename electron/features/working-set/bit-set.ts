// A set of row numbers as one bit per row. `and`, `or` and `not` make new sets; only `add` changes one.

export class BitSet {
  /** Rows are 0..size-1; bits beyond are always 0. */
  readonly size: number;
  /** Row r is bit r % 32 of word r / 32. */
  readonly words: Uint32Array;

  constructor(size: number, words = new Uint32Array((size + 31) >>> 5)) {
    this.size = size;
    this.words = words;
  }

  /** Every row. */
  static full(size: number): BitSet {
    return new BitSet(size).not();
  }

  /** Rows outside 0..size-1 are left out. */
  static of(size: number, rows: Iterable<number>): BitSet {
    const set = new BitSet(size);
    for (const row of rows) set.add(row);
    return set;
  }

  add(row: number): void {
    if (row < 0 || row >= this.size) return;
    this.words[row >>> 5]! |= 1 << (row & 31);
  }

  /** False for rows outside the set's size. */
  has(row: number): boolean {
    return row >= 0 && row < this.size && ((this.words[row >>> 5]! >>> (row & 31)) & 1) === 1;
  }

  and(other: BitSet): BitSet {
    const words = new Uint32Array(this.words.length);
    for (let w = 0; w < words.length; w++) words[w] = this.words[w]! & other.words[w]!;
    return new BitSet(this.size, words);
  }

  or(other: BitSet): BitSet {
    const words = new Uint32Array(this.words.length);
    for (let w = 0; w < words.length; w++) words[w] = this.words[w]! | other.words[w]!;
    return new BitSet(this.size, words);
  }

  not(): BitSet {
    const words = new Uint32Array(this.words.length);
    for (let w = 0; w < words.length; w++) words[w] = ~this.words[w]!;
    const used = this.size & 31;
    if (used !== 0) words[words.length - 1]! &= (1 << used) - 1;
    return new BitSet(this.size, words);
  }

  count(): number {
    let total = 0;
    for (let w = 0; w < this.words.length; w++) total += popCount(this.words[w]!);
    return total;
  }

  /** Calls `visit` with each row, lowest first. */
  forEach(visit: (row: number) => void): void {
    for (let w = 0; w < this.words.length; w++) {
      let word = this.words[w]!;
      while (word !== 0) {
        const lowest = word & -word;
        visit((w << 5) + 31 - Math.clz32(lowest));
        word ^= lowest;
      }
    }
  }

  /** The rows, lowest first. */
  toRows(): Int32Array {
    const rows = new Int32Array(this.count());
    let next = 0;
    this.forEach((row) => {
      rows[next++] = row;
    });
    return rows;
  }
}

/** Ones in a 32-bit word. */
export function popCount(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
