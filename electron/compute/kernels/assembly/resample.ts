// Polyphase resampling: one dot product per output sample. Addresses are bytes; audio/resample.ts makes the tables.

/**
 * `count` samples at `out`. Output i is the dot product of the taps of phase (phase + i * down) mod up with the samples
 * from `samples` + floor((phase + i * down) / up) on. Taps are float32[up][taps], `taps` a multiple of 8.
 */
export function resample(
  samples: usize, taps: usize, tapCount: i32, up: i32, down: i32, phase: i32, count: i32, out: usize,
): void {
  const rowBytes = <usize>tapCount << 2;
  const whole = <usize>(down / up) << 2;
  const part = down % up;
  const end = out + (<usize>count << 2);
  while (out < end) {
    let tap = taps + <usize>phase * rowBytes;
    let x = samples;
    const last = tap + rowBytes;
    let a = f32x4.splat(0);
    let b = f32x4.splat(0);
    while (tap < last) {
      a = f32x4.add(a, f32x4.mul(v128.load(x), v128.load(tap)));
      b = f32x4.add(b, f32x4.mul(v128.load(x, 16), v128.load(tap, 16)));
      x += 32;
      tap += 32;
    }
    a = f32x4.add(a, b);
    f32.store(
      out,
      f32x4.extract_lane(a, 0) + f32x4.extract_lane(a, 1) + (f32x4.extract_lane(a, 2) + f32x4.extract_lane(a, 3)),
    );
    out += 4;
    samples += whole;
    phase += part;
    if (phase >= up) {
      phase -= up;
      samples += 4;
    }
  }
}
