// How near a point's neighbours on the map are in the space of the features: their ranks by distance.
import { freeSlot, slotAddress, takeSlot } from './tsne-grid';

@inline
function total4(v: v128): f32 {
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}

@inline
function squared(a: v128, b: v128): v128 {
  const difference = f32x4.sub(a, b);
  return f32x4.mul(difference, difference);
}

/**
 * For four queries (rows in i32[4 x chunks] of `queries`; the rows at its end may repeat): ranks i32[4 x k] of the rows
 * in `neighbours` i32[4 x k] among all others by squared Euclidean distance, 1 for the nearest, of equals the lower row
 * first. `features` f32[n x 4 width]. The slots must hold 4 x 4 n bytes.
 */
export function rankNeighbours(
  chunk: i32, features: usize, n: i32, width: i32, queries: usize, k: i32, neighbours: usize, ranks: usize,
  arena: usize,
): void {
  const slot = takeSlot(arena);
  const distances = slotAddress(arena, slot);
  const own = queries + (<usize>chunk << 4);
  const bytes = <usize>width << 4;
  const far = <usize>n << 2;
  const a = features + <usize>load<u32>(own) * bytes;
  const b = features + <usize>load<u32>(own, 4) * bytes;
  const c = features + <usize>load<u32>(own, 8) * bytes;
  const d = features + <usize>load<u32>(own, 12) * bytes;
  let row = features;
  for (let to = distances, end = distances + far; to < end; to += 4) {
    let sa = f32x4.splat(0), sb = f32x4.splat(0), sc = f32x4.splat(0), sd = f32x4.splat(0);
    for (let at: usize = 0; at < bytes; at += 16) {
      const x = v128.load(row + at);
      sa = f32x4.add(sa, squared(x, v128.load(a + at)));
      sb = f32x4.add(sb, squared(x, v128.load(b + at)));
      sc = f32x4.add(sc, squared(x, v128.load(c + at)));
      sd = f32x4.add(sd, squared(x, v128.load(d + at)));
    }
    store<f32>(to, total4(sa));
    store<f32>(to + far, total4(sb));
    store<f32>(to + 2 * far, total4(sc));
    store<f32>(to + 3 * far, total4(sd));
    row += bytes;
  }
  for (let q: usize = 0; q < 4; q++) {
    const all = distances + q * far;
    // No point is its own neighbour.
    store<f32>(all + (<usize>load<u32>(own + (q << 2)) << 2), Infinity);
    for (let i = 0; i < k; i++) {
      const place = (<usize>(((<i32>chunk << 2) + <i32>q) * k + i)) << 2;
      store<i32>(ranks + place, rankOf(all, n, load<i32>(neighbours + place)));
    }
  }
  freeSlot(arena, slot);
}

function rankOf(all: usize, n: i32, j: i32): i32 {
  const distance = load<f32>(all + (<usize>j << 2));
  const limit = f32x4.splat(distance);
  let rank = 1;
  let at = 0;
  // Lanes that are true are -1.
  let nearer = i32x4.splat(0);
  for (; at + 4 <= n; at += 4) nearer = i32x4.sub(nearer, f32x4.lt(v128.load(all + (<usize>at << 2)), limit));
  rank += i32x4.extract_lane(nearer, 0) + i32x4.extract_lane(nearer, 1);
  rank += i32x4.extract_lane(nearer, 2) + i32x4.extract_lane(nearer, 3);
  for (; at < n; at++) if (load<f32>(all + (<usize>at << 2)) < distance) rank++;
  for (at = 0; at < j; at++) if (load<f32>(all + (<usize>at << 2)) == distance) rank++;
  return rank;
}
