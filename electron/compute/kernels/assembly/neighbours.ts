// Nearest neighbours by brute force. Points lie in groups of eight, one coordinate after the other ("packed":
// coordinate c of point i at packed + (i / 8 * d + c) * 32 + i % 8 * 4), so that a step multiplies four queries by
// eight points without a horizontal sum. Distances are halves of squared Euclidean ones throughout.
//
// What a row has found lies in its slot of `capacity` u64 keys: the bits of the distance (never negative, so they sort
// as integers do) above the id. A full slot is cut to its `kept` smallest; `worst` is the largest distance that may
// still enter. Slots, counts and worst belong to one list ("lists" are passed as found, counts, worst).

const NOTHING: u64 = 0xffffffffffffffff;

/** Reorders `count` keys at `keys` so that the smallest `rank + 1` come first; returns the one at `rank`. */
function select(keys: usize, count: i32, rank: i32): u64 {
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const a = load<u64>(keys + ((<usize>low) << 3));
    const b = load<u64>(keys + ((<usize>((low + high) >> 1)) << 3));
    const c = load<u64>(keys + ((<usize>high) << 3));
    const pivot = max(min(a, b), min(max(a, b), c));
    let i = low;
    let j = high;
    while (i <= j) {
      while (load<u64>(keys + ((<usize>i) << 3)) < pivot) i++;
      while (pivot < load<u64>(keys + ((<usize>j) << 3))) j--;
      if (i <= j) {
        const held = load<u64>(keys + ((<usize>i) << 3));
        store<u64>(keys + ((<usize>i) << 3), load<u64>(keys + ((<usize>j) << 3)));
        store<u64>(keys + ((<usize>j) << 3), held);
        i++;
        j--;
      }
    }
    if (rank <= j) high = j;
    else if (rank >= i) low = i;
    else break;
  }
  return load<u64>(keys + ((<usize>rank) << 3));
}

function sink(keys: usize, count: i32, from: i32): void {
  const key = load<u64>(keys + ((<usize>from) << 3));
  let at = from;
  for (;;) {
    let child = at * 2 + 1;
    if (child >= count) break;
    let larger = load<u64>(keys + ((<usize>child) << 3));
    if (child + 1 < count) {
      const other = load<u64>(keys + ((<usize>child) << 3), 8);
      if (other > larger) {
        larger = other;
        child++;
      }
    }
    if (key >= larger) break;
    store<u64>(keys + ((<usize>at) << 3), larger);
    at = child;
  }
  store<u64>(keys + ((<usize>at) << 3), key);
}

function heapsort(keys: usize, count: i32): void {
  for (let from = (count >> 1) - 1; from >= 0; from--) sink(keys, count, from);
  for (let last = count - 1; last > 0; last--) {
    const largest = load<u64>(keys);
    store<u64>(keys, load<u64>(keys + ((<usize>last) << 3)));
    store<u64>(keys + ((<usize>last) << 3), largest);
    sink(keys, last, 0);
  }
}

function toKey(distance: f32, id: i32): u64 {
  return ((<u64>reinterpret<u32>(distance > 0 ? distance : 0)) << 32) | <u64>(<u32>id);
}

function append(found: usize, counts: usize, worst: usize, capacity: i32, kept: i32, slot: i32, distance: f32, id: i32): void {
  const count = load<i32>(counts + ((<usize>slot) << 2));
  const keys = found + ((<usize>slot * <usize>capacity) << 3);
  store<u64>(keys + ((<usize>count) << 3), toKey(distance, id));
  if (count + 1 < capacity) {
    store<i32>(counts + ((<usize>slot) << 2), count + 1);
    return;
  }
  const last = select(keys, capacity, kept - 1);
  store<f32>(worst + ((<usize>slot) << 2), reinterpret<f32>(<u32>(last >> 32)));
  store<i32>(counts + ((<usize>slot) << 2), kept);
}

/** All pairs of two blocks of rows, each pair offered to both its ends; a block with itself: to the rows. */
function pairBlocks(
  packed: usize, halves: usize, d: i32, n: i32, firstRow: i32, endRow: i32, firstPoint: i32, endPoint: i32,
  stripe: i32, scratch: usize, found: usize, counts: usize, worst: usize, capacity: i32, kept: i32,
): void {
  const isMutual = firstRow != firstPoint;
  const groupBytes = (<usize>d) << 5;
  for (let from = firstPoint; from < endPoint; from += stripe) {
    const to = min(from + stripe, endPoint);
    for (let row = firstRow; row < endRow; row += 4) {
      const queries = packed + (<usize>(row >> 3)) * groupBytes + ((<usize>(row & 4)) << 2);
      const rowHalves = v128.load(halves + ((<usize>row) << 2));
      const half0 = v128.shuffle<f32>(rowHalves, rowHalves, 0, 0, 0, 0);
      const half1 = v128.shuffle<f32>(rowHalves, rowHalves, 1, 1, 1, 1);
      const half2 = v128.shuffle<f32>(rowHalves, rowHalves, 2, 2, 2, 2);
      const half3 = v128.shuffle<f32>(rowHalves, rowHalves, 3, 3, 3, 3);
      for (let point = from; point < to; point += 8) {
        let p = packed + (<usize>(point >> 3)) * groupBytes;
        const end = p + groupBytes;
        let q = queries;
        let a0 = f32x4.splat(0), a1 = a0, b0 = a0, b1 = a0, c0 = a0, c1 = a0, d0 = a0, d1 = a0;
        while (p < end) {
          const p0 = v128.load(p), p1 = v128.load(p, 16);
          let x = v128.load_splat<f32>(q);
          a0 = f32x4.add(a0, f32x4.mul(x, p0));
          a1 = f32x4.add(a1, f32x4.mul(x, p1));
          x = v128.load_splat<f32>(q, 4);
          b0 = f32x4.add(b0, f32x4.mul(x, p0));
          b1 = f32x4.add(b1, f32x4.mul(x, p1));
          x = v128.load_splat<f32>(q, 8);
          c0 = f32x4.add(c0, f32x4.mul(x, p0));
          c1 = f32x4.add(c1, f32x4.mul(x, p1));
          x = v128.load_splat<f32>(q, 12);
          d0 = f32x4.add(d0, f32x4.mul(x, p0));
          d1 = f32x4.add(d1, f32x4.mul(x, p1));
          p += 32;
          q += 32;
        }
        const h0 = v128.load(halves + ((<usize>point) << 2)), h1 = v128.load(halves + ((<usize>point) << 2), 16);
        a0 = f32x4.sub(f32x4.add(half0, h0), a0);
        a1 = f32x4.sub(f32x4.add(half0, h1), a1);
        b0 = f32x4.sub(f32x4.add(half1, h0), b0);
        b1 = f32x4.sub(f32x4.add(half1, h1), b1);
        c0 = f32x4.sub(f32x4.add(half2, h0), c0);
        c1 = f32x4.sub(f32x4.add(half2, h1), c1);
        d0 = f32x4.sub(f32x4.add(half3, h0), d0);
        d1 = f32x4.sub(f32x4.add(half3, h1), d1);
        const bounds = worst + ((<usize>row) << 2);
        let t0 = v128.load_splat<f32>(bounds), t1 = v128.load_splat<f32>(bounds, 4);
        let t2 = v128.load_splat<f32>(bounds, 8), t3 = v128.load_splat<f32>(bounds, 12);
        let u0 = f32x4.splat(-Infinity), u1 = u0;
        if (isMutual) {
          u0 = v128.load(worst + ((<usize>point) << 2));
          u1 = v128.load(worst + ((<usize>point) << 2), 16);
        }
        const ma0 = f32x4.lt(a0, f32x4.max(t0, u0)), ma1 = f32x4.lt(a1, f32x4.max(t0, u1));
        const mb0 = f32x4.lt(b0, f32x4.max(t1, u0)), mb1 = f32x4.lt(b1, f32x4.max(t1, u1));
        const mc0 = f32x4.lt(c0, f32x4.max(t2, u0)), mc1 = f32x4.lt(c1, f32x4.max(t2, u1));
        const md0 = f32x4.lt(d0, f32x4.max(t3, u0)), md1 = f32x4.lt(d1, f32x4.max(t3, u1));
        const any = v128.or(v128.or(v128.or(ma0, ma1), v128.or(mb0, mb1)), v128.or(v128.or(mc0, mc1), v128.or(md0, md1)));
        if (!v128.any_true(any)) continue;
        v128.store(scratch, a0);
        v128.store(scratch, a1, 16);
        v128.store(scratch, b0, 32);
        v128.store(scratch, b1, 48);
        v128.store(scratch, c0, 64);
        v128.store(scratch, c1, 80);
        v128.store(scratch, d0, 96);
        v128.store(scratch, d1, 112);
        let hits = i32x4.bitmask(ma0) | (i32x4.bitmask(ma1) << 4) | (i32x4.bitmask(mb0) << 8) | (i32x4.bitmask(mb1) << 12);
        hits |= (i32x4.bitmask(mc0) << 16) | (i32x4.bitmask(mc1) << 20) | (i32x4.bitmask(md0) << 24) | (i32x4.bitmask(md1) << 28);
        for (; hits != 0; hits &= hits - 1) {
          const hit = ctz(hits);
          const i = row + (hit >> 3);
          const j = point + (hit & 7);
          if (i >= n || j >= n || i == j) continue;
          const distance = load<f32>(scratch + ((<usize>hit) << 2));
          if (distance < load<f32>(worst + ((<usize>i) << 2))) append(found, counts, worst, capacity, kept, i, distance, j);
          if (isMutual && distance < load<f32>(worst + ((<usize>j) << 2))) append(found, counts, worst, capacity, kept, j, distance, i);
        }
      }
    }
  }
}

/**
 * Round `round` of a tournament in which every block of rows meets every other once, and no block plays twice in a
 * round (circle method): chunk is the match. Round -1: every block with itself. blocks is even; those past n are empty.
 */
export function meetBlocks(
  chunk: i32, round: i32, blocks: i32, blockRows: i32, n: i32, d: i32, packed: usize, halves: usize,
  stripe: i32, scratch: usize, found: usize, counts: usize, worst: usize, capacity: i32, kept: i32,
): void {
  let a = chunk, b = chunk;
  if (round >= 0) {
    const turning = blocks - 1;
    a = (round + chunk) % turning;
    b = chunk == 0 ? turning : (round - chunk + turning) % turning;
  }
  const rows = (n + 7) & ~7;
  pairBlocks(
    packed, halves, d, n, a * blockRows, min((a + 1) * blockRows, rows), b * blockRows, min((b + 1) * blockRows, rows),
    stripe, scratch + ((<usize>chunk) << 7), found, counts, worst, capacity, kept,
  );
}

/**
 * Offers points to queries by the squares of differences themselves, which lose nothing where a distance is small
 * beside the coordinates. Chunk: `together` queries and one of `parts` stretches of the points; the slot of query i in
 * part p is p * queryCount + i. queries: rows of d float32; selves: the id each is not to be offered, or -1.
 */
export function scanPoints(
  chunk: i32, together: i32, queryCount: i32, queries: usize, selves: usize, parts: i32, n: i32, d: i32, packed: usize,
  scratch: usize, found: usize, counts: usize, worst: usize, capacity: i32, kept: i32,
): void {
  const part = chunk % parts;
  const firstQuery = (chunk / parts) * together;
  const endQuery = min(firstQuery + together, queryCount);
  const pairs = (n + 15) >> 4;
  const firstPair = <i32>((<i64>pairs * part) / parts);
  const endPair = <i32>((<i64>pairs * (part + 1)) / parts);
  const groupBytes = (<usize>d) << 5;
  const stretch = max(1, <i32>(65536 / groupBytes) >> 1);
  scratch += (<usize>chunk) << 6;
  for (let from = firstPair; from < endPair; from += stretch) {
    const to = min(from + stretch, endPair);
    for (let query = firstQuery; query < endQuery; query++) {
      const slot = part * queryCount + query;
      const start = queries + ((<usize>query * <usize>d) << 2);
      const self = load<i32>(selves + ((<usize>query) << 2));
      for (let pair = from; pair < to; pair++) {
        let q = start;
        let p = packed + (<usize>pair) * groupBytes * 2;
        const end = p + groupBytes;
        let a = f32x4.splat(0), b = a, c = a, e = a;
        while (p < end) {
          const x = v128.load_splat<f32>(q);
          let difference = f32x4.sub(v128.load(p), x);
          a = f32x4.add(a, f32x4.mul(difference, difference));
          difference = f32x4.sub(v128.load(p, 16), x);
          b = f32x4.add(b, f32x4.mul(difference, difference));
          difference = f32x4.sub(v128.load(p + groupBytes), x);
          c = f32x4.add(c, f32x4.mul(difference, difference));
          difference = f32x4.sub(v128.load(p + groupBytes, 16), x);
          e = f32x4.add(e, f32x4.mul(difference, difference));
          p += 32;
          q += 4;
        }
        const half = f32x4.splat(0.5);
        a = f32x4.mul(a, half);
        b = f32x4.mul(b, half);
        c = f32x4.mul(c, half);
        e = f32x4.mul(e, half);
        const bound = v128.load_splat<f32>(worst + ((<usize>slot) << 2));
        let hits = i32x4.bitmask(f32x4.lt(a, bound)) | (i32x4.bitmask(f32x4.lt(b, bound)) << 4);
        hits |= (i32x4.bitmask(f32x4.lt(c, bound)) << 8) | (i32x4.bitmask(f32x4.lt(e, bound)) << 12);
        if (hits == 0) continue;
        v128.store(scratch, a);
        v128.store(scratch, b, 16);
        v128.store(scratch, c, 32);
        v128.store(scratch, e, 48);
        for (; hits != 0; hits &= hits - 1) {
          const hit = ctz(hits);
          const id = (pair << 4) + hit;
          if (id >= n || id == self) continue;
          const distance = load<f32>(scratch + ((<usize>hit) << 2));
          if (distance < load<f32>(worst + ((<usize>slot) << 2))) append(found, counts, worst, capacity, kept, slot, distance, id);
        }
      }
    }
  }
}

/** Half the squared distance of two rows, summed in float64. */
function halfSquare(a: usize, b: usize, d: i32): f64 {
  const end = a + ((<usize>(d & ~3)) << 2);
  let even = f64x2.splat(0);
  let odd = even;
  while (a < end) {
    const difference = f32x4.sub(v128.load(a), v128.load(b));
    const low = f64x2.promote_low_f32x4(difference);
    const high = f64x2.promote_low_f32x4(v128.shuffle<f32>(difference, difference, 2, 3, 2, 3));
    even = f64x2.add(even, f64x2.mul(low, low));
    odd = f64x2.add(odd, f64x2.mul(high, high));
    a += 16;
    b += 16;
  }
  const sums = f64x2.add(even, odd);
  let sum = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
  for (let left = d & 3; left > 0; left--) {
    const difference = <f64>(load<f32>(a) - load<f32>(b));
    sum += difference * difference;
    a += 4;
    b += 4;
  }
  return sum / 2;
}

/**
 * The end of a search, for chunks of `together` queries: measures what was kept again, in full precision, and leaves
 * the k nearest in order (equal ones by id). outDistances: half squared distances. doubts, unless 0: 1 where a point
 * that was dropped might be nearer than the last, given how far `worst` may be off: worst - error * (the squares of the
 * norms involved); halves: half the squared norms of the queries.
 */
export function settle(
  chunk: i32, together: i32, queryCount: i32, queries: usize, rows: usize, d: i32, found: usize, counts: usize,
  capacity: i32, kept: i32, k: i32, outIds: usize, outDistances: usize, doubts: usize, halves: usize, worst: usize,
): void {
  const end = min((chunk + 1) * together, queryCount);
  for (let query = chunk * together; query < end; query++) {
    const keys = found + ((<usize>query * <usize>capacity) << 3);
    let count = load<i32>(counts + ((<usize>query) << 2));
    let bound = <f64>load<f32>(worst + ((<usize>query) << 2));
    if (count > kept) {
      const last = select(keys, count, kept - 1);
      bound = min(bound, <f64>reinterpret<f32>(<u32>(last >> 32)));
      count = kept;
    }
    const row = queries + ((<usize>query * <usize>d) << 2);
    for (let i = 0; i < count; i++) {
      const id = <i32>(<u32>load<u64>(keys + ((<usize>i) << 3)));
      store<u64>(keys + ((<usize>i) << 3), toKey(<f32>halfSquare(row, rows + ((<usize>id * <usize>d) << 2), d), id));
    }
    heapsort(keys, count);
    const out = (<usize>query * <usize>k) << 2;
    for (let i = 0; i < k; i++) {
      const key = i < count ? load<u64>(keys + ((<usize>i) << 3)) : NOTHING;
      store<i32>(outIds + out + ((<usize>i) << 2), <i32>(<u32>key));
      store<u32>(outDistances + out + ((<usize>i) << 2), <u32>(key >> 32));
    }
    if (doubts == 0) continue;
    let isDoubtful = 0;
    if (bound < Infinity) {
      const half = <f64>load<f32>(halves + ((<usize>query) << 2));
      const norm = sqrt(2 * half);
      const last = <f64>load<f32>(outDistances + out + ((<usize>(k - 1)) << 2));
      const reach = norm + sqrt(2 * last);
      const error = <f64>(d + 4) * 5.960464477539063e-8 * (norm * reach + half + 0.5 * reach * reach);
      if (last >= bound - error) isDoubtful = 1;
    }
    store<u8>(doubts + <usize>query, <u8>isDoubtful);
  }
}
