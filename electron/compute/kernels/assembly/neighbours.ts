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

/**
 * The products of four queries, side by side and `stride` bytes from one coordinate to the next, with eight points: into
 * 32 float32 at `out`, query by query.
 */
@inline
function multiply(queries: usize, stride: usize, points: usize, d: i32, out: usize): void {
  let p = points;
  let q = queries;
  const end = p + ((<usize>d) << 5);
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
    q += stride;
  }
  v128.store(out, a0);
  v128.store(out, a1, 16);
  v128.store(out, b0, 32);
  v128.store(out, b1, 48);
  v128.store(out, c0, 64);
  v128.store(out, c1, 80);
  v128.store(out, d0, 96);
  v128.store(out, d1, 112);
}

/**
 * Turns two of the products at `out` (a query with four and four points) into half squared distances, and returns a
 * bit for each that is below its bound.
 */
@inline
function measure(out: usize, half: v128, h0: v128, h1: v128, bound0: v128, bound1: v128): i32 {
  const near = f32x4.sub(f32x4.add(half, h0), v128.load(out));
  const far = f32x4.sub(f32x4.add(half, h1), v128.load(out, 16));
  v128.store(out, near);
  v128.store(out, far, 16);
  return i32x4.bitmask(f32x4.lt(near, bound0)) | (i32x4.bitmask(f32x4.lt(far, bound1)) << 4);
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
      const rowHalves = halves + ((<usize>row) << 2);
      const bounds = worst + ((<usize>row) << 2);
      for (let point = from; point < to; point += 8) {
        multiply(queries, 32, packed + (<usize>(point >> 3)) * groupBytes, d, scratch);
        const h0 = v128.load(halves + ((<usize>point) << 2)), h1 = v128.load(halves + ((<usize>point) << 2), 16);
        let u0 = f32x4.splat(-Infinity), u1 = u0;
        if (isMutual) {
          u0 = v128.load(worst + ((<usize>point) << 2));
          u1 = v128.load(worst + ((<usize>point) << 2), 16);
        }
        let t = v128.load_splat<f32>(bounds);
        let hits = measure(scratch, v128.load_splat<f32>(rowHalves), h0, h1, f32x4.max(t, u0), f32x4.max(t, u1));
        t = v128.load_splat<f32>(bounds, 4);
        hits |= measure(scratch + 32, v128.load_splat<f32>(rowHalves, 4), h0, h1, f32x4.max(t, u0), f32x4.max(t, u1)) << 8;
        t = v128.load_splat<f32>(bounds, 8);
        hits |= measure(scratch + 64, v128.load_splat<f32>(rowHalves, 8), h0, h1, f32x4.max(t, u0), f32x4.max(t, u1)) << 16;
        t = v128.load_splat<f32>(bounds, 12);
        hits |= measure(scratch + 96, v128.load_splat<f32>(rowHalves, 12), h0, h1, f32x4.max(t, u0), f32x4.max(t, u1)) << 24;
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

/**
 * Offers to queries the points of the `probes` clusters listed for each. Chunk: `together` queries, best near each
 * other; those that share a cluster are multiplied four at a time. Points lie packed cluster by cluster, each cluster
 * filled up to eight; pointIds: the id at each place, pointHalves: half its squared norm, infinite where it is filling.
 * queryIds: the ids of the queries, rows of d float32 at `rows`; listed: queryCount rows of `width` clusters, nearest
 * first; starts: clusterCount + 1 places. scratch: scratchBytes for each chunk, at least
 * 4 * (clusterCount + together * probes) + 16 * d + 160.
 */
export function probeClusters(
  chunk: i32, together: i32, queryCount: i32, queryIds: usize, rows: usize, rowHalves: usize, d: i32,
  listed: usize, width: i32, probes: i32, clusterCount: i32, starts: usize, packed: usize, pointIds: usize,
  pointHalves: usize, scratch: usize, scratchBytes: i32, found: usize, counts: usize, worst: usize, capacity: i32, kept: i32,
): void {
  const heads = scratch + <usize>chunk * <usize>scratchBytes;
  const members = heads + ((<usize>clusterCount) << 2);
  const out = (members + ((<usize>(together * probes)) << 2) + 15) & ~15;
  const tile = out + 128;
  const first = chunk * together;
  const end = min(first + together, queryCount);
  memory.fill(heads, 0, (<usize>clusterCount) << 2);
  for (let query = first; query < end; query++) {
    for (let i = 0; i < probes; i++) {
      const head = heads + ((<usize>load<i32>(listed + ((<usize>(query * width + i)) << 2))) << 2);
      store<i32>(head, load<i32>(head) + 1);
    }
  }
  let sum = 0;
  for (let cluster = 0; cluster < clusterCount; cluster++) {
    const head = heads + ((<usize>cluster) << 2);
    const count = load<i32>(head);
    store<i32>(head, sum);
    sum += count;
  }
  for (let query = first; query < end; query++) {
    for (let i = 0; i < probes; i++) {
      const head = heads + ((<usize>load<i32>(listed + ((<usize>(query * width + i)) << 2))) << 2);
      const place = load<i32>(head);
      store<i32>(members + ((<usize>place) << 2), query);
      store<i32>(head, place + 1);
    }
  }
  const groupBytes = (<usize>d) << 5;
  let member = 0;
  for (let cluster = 0; cluster < clusterCount; cluster++) {
    const lastMember = load<i32>(heads + ((<usize>cluster) << 2));
    const firstPlace = load<i32>(starts + ((<usize>cluster) << 2));
    const endPlace = load<i32>(starts + ((<usize>cluster) << 2), 4);
    for (; member < lastMember; member += 4) {
      const held = min(4, lastMember - member);
      for (let lane = 0; lane < 4; lane++) {
        // Lanes without a query repeat the first, and are not looked at.
        const query = load<i32>(members + ((<usize>(lane < held ? member + lane : member)) << 2));
        const id = load<i32>(queryIds + ((<usize>query) << 2));
        const row = rows + ((<usize>id * <usize>d) << 2);
        for (let i = 0; i < d; i++) store<f32>(tile + ((<usize>(i * 4 + lane)) << 2), load<f32>(row + ((<usize>i) << 2)));
        store<f32>(out + ((<usize>lane) << 2), load<f32>(rowHalves + ((<usize>id) << 2)));
      }
      const half = v128.load(out);
      const half0 = v128.shuffle<f32>(half, half, 0, 0, 0, 0), half1 = v128.shuffle<f32>(half, half, 1, 1, 1, 1);
      const half2 = v128.shuffle<f32>(half, half, 2, 2, 2, 2), half3 = v128.shuffle<f32>(half, half, 3, 3, 3, 3);
      const bounds = worst + ((<usize>load<i32>(members + ((<usize>member) << 2))) << 2);
      for (let place = firstPlace; place < endPlace; place += 8) {
        multiply(tile, 16, packed + (<usize>(place >> 3)) * groupBytes, d, out);
        const h0 = v128.load(pointHalves + ((<usize>place) << 2)), h1 = v128.load(pointHalves + ((<usize>place) << 2), 16);
        let bound = v128.load_splat<f32>(bounds);
        let hits = measure(out, half0, h0, h1, bound, bound);
        if (held > 1) {
          bound = v128.load_splat<f32>(worst + ((<usize>load<i32>(members + ((<usize>member) << 2), 4)) << 2));
          hits |= measure(out + 32, half1, h0, h1, bound, bound) << 8;
        }
        if (held > 2) {
          bound = v128.load_splat<f32>(worst + ((<usize>load<i32>(members + ((<usize>member) << 2), 8)) << 2));
          hits |= measure(out + 64, half2, h0, h1, bound, bound) << 16;
        }
        if (held > 3) {
          bound = v128.load_splat<f32>(worst + ((<usize>load<i32>(members + ((<usize>member) << 2), 12)) << 2));
          hits |= measure(out + 96, half3, h0, h1, bound, bound) << 24;
        }
        for (; hits != 0; hits &= hits - 1) {
          const hit = ctz(hits);
          const query = load<i32>(members + ((<usize>(member + (hit >> 3))) << 2));
          const id = load<i32>(pointIds + ((<usize>(place + (hit & 7))) << 2));
          if (id == load<i32>(queryIds + ((<usize>query) << 2))) continue;
          const distance = load<f32>(out + ((<usize>hit) << 2));
          if (distance < load<f32>(worst + ((<usize>query) << 2))) append(found, counts, worst, capacity, kept, query, distance, id);
        }
      }
    }
    member = lastMember;
  }
}
