;; Largest absolute value of three points between each two of a run of samples (WebAssembly SIMD), eight samples a step.
;; Built into truePeak.ts; that file names the command.
;;
;; peak(at, end): byte addresses of the first of the 24 float32 samples around the first points, and where the first of
;; the last ones' would be followed by the next: a multiple of 32 bytes behind `at`. 23 samples more are read.
;; Taps of the three points at address 0, float32: tap 0 of each, tap 1 of each, ...
(module
  (memory (export "memory") 5)
  (func (export "peak") (param $at i32) (param $end i32) (result f32)
    (local $tap i32)
    (local $sample i32)
    (local $low v128)
    (local $high v128)
    (local $weight v128)
    (local $a v128)
    (local $a2 v128)
    (local $b v128)
    (local $b2 v128)
    (local $c v128)
    (local $c2 v128)
    (local $max v128)
    (block $done
      (loop $blocks
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $a (v128.const f32x4 0 0 0 0))
        (local.set $a2 (v128.const f32x4 0 0 0 0))
        (local.set $b (v128.const f32x4 0 0 0 0))
        (local.set $b2 (v128.const f32x4 0 0 0 0))
        (local.set $c (v128.const f32x4 0 0 0 0))
        (local.set $c2 (v128.const f32x4 0 0 0 0))
        (local.set $tap (i32.const 0))
        (local.set $sample (local.get $at))
        (loop $taps
          (local.set $low (v128.load align=4 (local.get $sample)))
          (local.set $high (v128.load offset=16 align=4 (local.get $sample)))
          (local.set $weight (v128.load32_splat (local.get $tap)))
          (local.set $a (f32x4.add (local.get $a) (f32x4.mul (local.get $weight) (local.get $low))))
          (local.set $a2 (f32x4.add (local.get $a2) (f32x4.mul (local.get $weight) (local.get $high))))
          (local.set $weight (v128.load32_splat offset=4 (local.get $tap)))
          (local.set $b (f32x4.add (local.get $b) (f32x4.mul (local.get $weight) (local.get $low))))
          (local.set $b2 (f32x4.add (local.get $b2) (f32x4.mul (local.get $weight) (local.get $high))))
          (local.set $weight (v128.load32_splat offset=8 (local.get $tap)))
          (local.set $c (f32x4.add (local.get $c) (f32x4.mul (local.get $weight) (local.get $low))))
          (local.set $c2 (f32x4.add (local.get $c2) (f32x4.mul (local.get $weight) (local.get $high))))
          (local.set $sample (i32.add (local.get $sample) (i32.const 4)))
          (local.set $tap (i32.add (local.get $tap) (i32.const 12)))
          (br_if $taps (i32.lt_u (local.get $tap) (i32.const 288))))
        (local.set $a (f32x4.max (f32x4.abs (local.get $a)) (f32x4.abs (local.get $a2))))
        (local.set $b (f32x4.max (f32x4.abs (local.get $b)) (f32x4.abs (local.get $b2))))
        (local.set $c (f32x4.max (f32x4.abs (local.get $c)) (f32x4.abs (local.get $c2))))
        (local.set $max (f32x4.max (local.get $max)
          (f32x4.max (local.get $a) (f32x4.max (local.get $b) (local.get $c)))))
        (local.set $at (i32.add (local.get $at) (i32.const 32)))
        (br $blocks)))
    (f32.max
      (f32.max (f32x4.extract_lane 0 (local.get $max)) (f32x4.extract_lane 1 (local.get $max)))
      (f32.max (f32x4.extract_lane 2 (local.get $max)) (f32x4.extract_lane 3 (local.get $max))))))
