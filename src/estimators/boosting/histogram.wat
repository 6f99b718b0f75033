;; The innermost loop of boosting: adds the rows of a node to the histograms of four features, as `HistogramFiller` lays them out.
;; `npm run generate:programs` makes histogramProgram.ts of it.
(module
  (memory (export "memory") 1)

  ;; $words: bins of four features in every row, a byte each. $row to $end: numbers of the node's rows. $derivatives: two float32 for each of
  ;; them. $a to $d: histograms of the four features, of whose bins each has three float64: both sums and the number of rows.
  (func (export "addRows") (param $words i32) (param $row i32) (param $end i32) (param $derivatives i32)
      (param $a i32) (param $b i32) (param $c i32) (param $d i32)
    (local $bins i32) (local $pair v128) (local $at i32)
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $row) (local.get $end)))
        (local.set $bins
          (i32.load (i32.add (local.get $words) (i32.shl (i32.load (local.get $row)) (i32.const 2)))))
        (local.set $pair (f64x2.promote_low_f32x4 (v128.load64_zero (local.get $derivatives))))

        (local.set $at
          (i32.add (local.get $a) (i32.mul (i32.and (local.get $bins) (i32.const 255)) (i32.const 24))))
        (v128.store align=8 (local.get $at)
          (f64x2.add (v128.load align=8 (local.get $at)) (local.get $pair)))
        (f64.store offset=16 (local.get $at)
          (f64.add (f64.load offset=16 (local.get $at)) (f64.const 1)))

        (local.set $at
          (i32.add (local.get $b)
            (i32.mul (i32.and (i32.shr_u (local.get $bins) (i32.const 8)) (i32.const 255)) (i32.const 24))))
        (v128.store align=8 (local.get $at)
          (f64x2.add (v128.load align=8 (local.get $at)) (local.get $pair)))
        (f64.store offset=16 (local.get $at)
          (f64.add (f64.load offset=16 (local.get $at)) (f64.const 1)))

        (local.set $at
          (i32.add (local.get $c)
            (i32.mul (i32.and (i32.shr_u (local.get $bins) (i32.const 16)) (i32.const 255)) (i32.const 24))))
        (v128.store align=8 (local.get $at)
          (f64x2.add (v128.load align=8 (local.get $at)) (local.get $pair)))
        (f64.store offset=16 (local.get $at)
          (f64.add (f64.load offset=16 (local.get $at)) (f64.const 1)))

        (local.set $at
          (i32.add (local.get $d) (i32.mul (i32.shr_u (local.get $bins) (i32.const 24)) (i32.const 24))))
        (v128.store align=8 (local.get $at)
          (f64x2.add (v128.load align=8 (local.get $at)) (local.get $pair)))
        (f64.store offset=16 (local.get $at)
          (f64.add (f64.load offset=16 (local.get $at)) (f64.const 1)))

        (local.set $row (i32.add (local.get $row) (i32.const 4)))
        (local.set $derivatives (i32.add (local.get $derivatives) (i32.const 8)))
        (br $next)))))
