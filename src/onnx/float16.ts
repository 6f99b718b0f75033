import { decodeFloat16 } from './tensor.ts';

/** The largest finite number of IEEE 754 binary16. */
const LARGEST = 65504;

/** Numbers as IEEE 754 binary16 bits, rounded to the nearest, ties to even; what is too large becomes the largest finite number. */
export function encodeFloat16Array(values: Float32Array): Uint16Array {
  const halves = new Uint16Array(values.length);
  const scratch = new Float32Array(1);
  const bits = new Uint32Array(scratch.buffer);
  for (let index = 0; index < values.length; index++) {
    scratch[0] = Math.max(-LARGEST, Math.min(LARGEST, values[index] ?? 0));
    halves[index] = halfOf(bits[0] ?? 0);
  }
  return halves;
}

/** The numbers that IEEE 754 binary16 bits stand for. */
export function decodeFloat16Array(halves: Uint16Array): Float32Array {
  const values = new Float32Array(halves.length);
  const numbers = allHalves();
  for (let index = 0; index < halves.length; index++) values[index] = numbers[halves[index] ?? 0] ?? 0;
  return values;
}

/** @param bits of a float32 within ±65504, or NaN */
function halfOf(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fff_ffff;
  if (magnitude > 0x7f80_0000) return sign | 0x7e00;
  // Below 2⁻¹⁴ a half has no exponent left: its fraction counts 2⁻²⁴.
  const isSubnormal = magnitude < 0x3880_0000;
  const exponent = magnitude >>> 23;
  const fraction = (magnitude & 0x7f_ffff) | 0x80_0000;
  const dropped = isSubnormal ? 126 - exponent : 13;
  if (dropped > 24) return sign;
  const kept = isSubnormal ? fraction >>> dropped : (magnitude - 0x3800_0000) >>> 13;
  const remainder = fraction & ((1 << dropped) - 1);
  const half = 1 << (dropped - 1);
  const roundsUp = remainder > half || (remainder === half && (kept & 1) === 1);
  return sign | (kept + (roundsUp ? 1 : 0));
}

let decoded: Float32Array | undefined;

/** The number for each of the 65,536 patterns of bits. */
function allHalves(): Float32Array {
  return (decoded ??= Float32Array.from({ length: 2 ** 16 }, (_, bits) => decodeFloat16(bits)));
}
