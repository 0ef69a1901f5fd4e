;; Sum, sum of squares, minimum and maximum of a run of int16 samples, eight at a time (WebAssembly SIMD).
;; Built into pcm16Scan.ts; that file names the command.
;;
;; scan(from, to): byte addresses of the first sample and behind the last, at most 32,768 samples apart.
;; Writes to address 0: f64 sum of squares (exact), i32 sum, i32 minimum, i32 maximum.
(module
  (memory (export "memory") 3)
  (func (export "scan") (param $at i32) (param $to i32)
    (local $x v128)
    (local $dot v128)
    (local $squares v128)
    (local $sums v128)
    (local $min v128)
    (local $max v128)
    (local $sample i32)
    (local $energy i64)
    (local $sum i32)
    (local $low i32)
    (local $high i32)
    (local $blockEnd i32)
    (local.set $min (v128.const i16x8 32767 32767 32767 32767 32767 32767 32767 32767))
    (local.set $max (v128.const i16x8 -32768 -32768 -32768 -32768 -32768 -32768 -32768 -32768))
    (local.set $blockEnd (i32.sub (local.get $to) (i32.const 15)))
    (block $blocksDone
      (loop $blocks
        (br_if $blocksDone (i32.ge_s (local.get $at) (local.get $blockEnd)))
        (local.set $x (v128.load align=2 (local.get $at)))
        ;; Two squares of -32768 make 2^31: the pair sums are widened as unsigned numbers.
        (local.set $dot (i32x4.dot_i16x8_s (local.get $x) (local.get $x)))
        (local.set $squares
          (i64x2.add (local.get $squares)
            (i64x2.add (i64x2.extend_low_i32x4_u (local.get $dot)) (i64x2.extend_high_i32x4_u (local.get $dot)))))
        (local.set $sums (i32x4.add (local.get $sums) (i32x4.extadd_pairwise_i16x8_s (local.get $x))))
        (local.set $min (i16x8.min_s (local.get $min) (local.get $x)))
        (local.set $max (i16x8.max_s (local.get $max) (local.get $x)))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $blocks)))
    ;; Fold the lanes.
    (local.set $energy
      (i64.add (i64x2.extract_lane 0 (local.get $squares)) (i64x2.extract_lane 1 (local.get $squares))))
    (local.set $sum
      (i32.add
        (i32.add (i32x4.extract_lane 0 (local.get $sums)) (i32x4.extract_lane 1 (local.get $sums)))
        (i32.add (i32x4.extract_lane 2 (local.get $sums)) (i32x4.extract_lane 3 (local.get $sums)))))
    (local.set $min (i16x8.min_s (local.get $min)
      (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $min) (local.get $min))))
    (local.set $min (i16x8.min_s (local.get $min)
      (i8x16.shuffle 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 (local.get $min) (local.get $min))))
    (local.set $low (i16x8.extract_lane_s 0 (i16x8.min_s (local.get $min)
      (i8x16.shuffle 2 3 0 1 2 3 0 1 2 3 0 1 2 3 0 1 (local.get $min) (local.get $min)))))
    (local.set $max (i16x8.max_s (local.get $max)
      (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $max) (local.get $max))))
    (local.set $max (i16x8.max_s (local.get $max)
      (i8x16.shuffle 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 (local.get $max) (local.get $max))))
    (local.set $high (i16x8.extract_lane_s 0 (i16x8.max_s (local.get $max)
      (i8x16.shuffle 2 3 0 1 2 3 0 1 2 3 0 1 2 3 0 1 (local.get $max) (local.get $max)))))
    ;; Up to seven samples are left.
    (block $restDone
      (loop $rest
        (br_if $restDone (i32.ge_s (local.get $at) (local.get $to)))
        (local.set $sample (i32.load16_s (local.get $at)))
        (local.set $energy (i64.add (local.get $energy)
          (i64.extend_i32_u (i32.mul (local.get $sample) (local.get $sample)))))
        (local.set $sum (i32.add (local.get $sum) (local.get $sample)))
        (local.set $low (select (local.get $sample) (local.get $low)
          (i32.lt_s (local.get $sample) (local.get $low))))
        (local.set $high (select (local.get $sample) (local.get $high)
          (i32.gt_s (local.get $sample) (local.get $high))))
        (local.set $at (i32.add (local.get $at) (i32.const 2)))
        (br $rest)))
    (f64.store (i32.const 0) (f64.convert_i64_u (local.get $energy)))
    (i32.store (i32.const 8) (local.get $sum))
    (i32.store (i32.const 12) (local.get $low))
    (i32.store (i32.const 16) (local.get $high))))
