// Kernels for the tests of the team: what they do is easy to foresee, and one of them traps.

/** Adds `by` to int32 `chunk` of the array at `at`, and counts the call in the word before the array. */
export function addToEach(chunk: i32, at: usize, by: i32): void {
  const place = at + ((<usize>chunk) << 2);
  store<i32>(place, load<i32>(place) + by);
  atomic.add<i32>(at - 64, 1);
}

/** Traps at chunk `bad`. */
export function trapAt(chunk: i32, bad: i32): void {
  if (chunk == bad) unreachable();
}

/** Takes `rounds` turns of a loop that no compiler shortens, and leaves its last number in float64 `chunk` at `at`. */
export function dawdle(chunk: i32, at: usize, rounds: i32): void {
  let x: f64 = <f64>chunk;
  for (let i = 0; i < rounds; i++) x = sqrt(x + <f64>i);
  store<f64>(at + ((<usize>chunk) << 3), x);
}
