;; Bilinear interpolation of packed pixels, 4 bytes each, from 4 neighbours along each axis; weights are in units of 1/256. Bytes are
;; widened to 16 bits, in which 256 times a byte fits, so 8 channels are weighted at once. The first pass rounds to the nearest byte; what the second adds
;; before it drops the fraction is given.
;; `npm run generate:programs` makes resizeProgram.ts of it.
(module
  (memory (export "memory") 1)

  (func (export "resize")
    ;; For every row of the result, the place of its uppermost neighbour and 4 weights, 32 bits each, and how many rows there are.
    (param $rowStarts i32) (param $rowWeights i32) (param $rows i32)
    ;; Bytes of a row of the source.
    (param $stride i32)
    ;; For every column of the result, the byte of its first neighbour in a line, 32 bits, and 16 weights, 16 bits each: 4 times each of 4.
    (param $columnStarts i32) (param $columnWeights i32) (param $columns i32)
    ;; Place of a line and its bytes, a multiple of 16.
    (param $line i32) (param $lineBytes i32)
    ;; Place of the result, 3 bytes for a pixel; one byte behind it is written, too.
    (param $target i32)
    ;; Place of 8 numbers of 16 bits, in units of 1/256, that the channels of a result are added: twice those of a pixel.
    (param $added i32)

    (local $row i32) (local $column i32) (local $at i32) (local $source i32) (local $weights i32)
    (local $w0 v128) (local $w1 v128) (local $w2 v128) (local $w3 v128)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128) (local $half v128) (local $addend v128)

    (local.set $half (i16x8.splat (i32.const 128)))
    (local.set $addend (v128.load (local.get $added)))
    (loop $eachRow
      (local.set $source (i32.load (local.get $rowStarts)))
      (local.set $w0 (i16x8.splat (i32.load (local.get $rowWeights))))
      (local.set $w1 (i16x8.splat (i32.load offset=4 (local.get $rowWeights))))
      (local.set $w2 (i16x8.splat (i32.load offset=8 (local.get $rowWeights))))
      (local.set $w3 (i16x8.splat (i32.load offset=12 (local.get $rowWeights))))

      ;; A mean of 4 rows, 4 pixels at a time.
      (local.set $at (i32.const 0))
      (loop $eachFour
        (local.set $a (v128.load (local.get $source)))
        (local.set $b (v128.load (i32.add (local.get $source) (local.get $stride))))
        (local.set $c (v128.load (i32.add (local.get $source) (i32.shl (local.get $stride) (i32.const 1)))))
        (local.set $d (v128.load
          (i32.add (local.get $source) (i32.mul (local.get $stride) (i32.const 3)))))
        (v128.store (i32.add (local.get $line) (local.get $at))
          (i8x16.narrow_i16x8_u
            (i16x8.shr_u
              (i16x8.add (local.get $half)
                (i16x8.add
                  (i16x8.add
                    (i16x8.mul (i16x8.extend_low_i8x16_u (local.get $a)) (local.get $w0))
                    (i16x8.mul (i16x8.extend_low_i8x16_u (local.get $b)) (local.get $w1)))
                  (i16x8.add
                    (i16x8.mul (i16x8.extend_low_i8x16_u (local.get $c)) (local.get $w2))
                    (i16x8.mul (i16x8.extend_low_i8x16_u (local.get $d)) (local.get $w3)))))
              (i32.const 8))
            (i16x8.shr_u
              (i16x8.add (local.get $half)
                (i16x8.add
                  (i16x8.add
                    (i16x8.mul (i16x8.extend_high_i8x16_u (local.get $a)) (local.get $w0))
                    (i16x8.mul (i16x8.extend_high_i8x16_u (local.get $b)) (local.get $w1)))
                  (i16x8.add
                    (i16x8.mul (i16x8.extend_high_i8x16_u (local.get $c)) (local.get $w2))
                    (i16x8.mul (i16x8.extend_high_i8x16_u (local.get $d)) (local.get $w3)))))
              (i32.const 8))))
        (local.set $source (i32.add (local.get $source) (i32.const 16)))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br_if $eachFour (i32.lt_u (local.get $at) (local.get $lineBytes))))

      ;; A mean of 4 neighbours in the line for every column.
      (local.set $column (i32.const 0))
      (local.set $weights (local.get $columnWeights))
      (loop $eachColumn
        (local.set $a (v128.load
          (i32.add
            (local.get $line)
            (i32.load (i32.add (local.get $columnStarts) (i32.shl (local.get $column) (i32.const 2)))))))
        ;; Neighbours 0 and 2 in the lower half, 1 and 3 in the upper.
        (local.set $b
          (i16x8.add
            (i16x8.mul (i16x8.extend_low_i8x16_u (local.get $a)) (v128.load (local.get $weights)))
            (i16x8.mul (i16x8.extend_high_i8x16_u (local.get $a)) (v128.load offset=16 (local.get $weights)))))
        (local.set $c
          (i16x8.shr_u
            (i16x8.add_sat_u
              (i16x8.add
                (local.get $b)
                (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $b) (local.get $b)))
              (local.get $addend))
            (i32.const 8)))
        (v128.store32_lane 0 (local.get $target) (i8x16.narrow_i16x8_u (local.get $c) (local.get $c)))
        (local.set $target (i32.add (local.get $target) (i32.const 3)))
        (local.set $weights (i32.add (local.get $weights) (i32.const 32)))
        (local.set $column (i32.add (local.get $column) (i32.const 1)))
        (br_if $eachColumn (i32.lt_u (local.get $column) (local.get $columns))))

      (local.set $rowStarts (i32.add (local.get $rowStarts) (i32.const 4)))
      (local.set $rowWeights (i32.add (local.get $rowWeights) (i32.const 16)))
      (local.set $row (i32.add (local.get $row) (i32.const 1)))
      (br_if $eachRow (i32.lt_u (local.get $row) (local.get $rows))))))
