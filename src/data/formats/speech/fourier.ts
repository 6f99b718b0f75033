/** Computes the power of every frequency of `size` numbers; `size` is a power of two. */
export type PowerSpectrum = (values: Float64Array, powers: Float64Array) => void;

/**
 * Fast Fourier transform (Cooley & Tukey, 1965) whose tables are made once.
 *
 * @returns writes |X(k)|² for k = 0 … size / 2 into `powers`
 */
export function powerSpectrum(size: number): PowerSpectrum {
  const bits = Math.log2(size);
  const order = Uint32Array.from({ length: size }, (_, index) => reversed(index, bits));
  const cosines = Float64Array.from({ length: size / 2 }, (_, index) => Math.cos((2 * Math.PI * index) / size));
  const sines = Float64Array.from({ length: size / 2 }, (_, index) => -Math.sin((2 * Math.PI * index) / size));
  const real = new Float64Array(size);
  const imaginary = new Float64Array(size);
  return (values, powers) => {
    for (let index = 0; index < size; index++) real[index] = values[order[index] ?? 0] ?? 0;
    imaginary.fill(0);
    for (let half = 1; half < size; half *= 2) butterflies(real, imaginary, half, { cosines, sines });
    for (let index = 0; index <= size / 2; index++) {
      powers[index] = (real[index] ?? 0) ** 2 + (imaginary[index] ?? 0) ** 2;
    }
  };
}

/** Joins transforms of `half` numbers in pairs, in place. */
function butterflies(
  real: Float64Array,
  imaginary: Float64Array,
  half: number,
  { cosines, sines }: { readonly cosines: Float64Array; readonly sines: Float64Array },
): void {
  const stride = cosines.length / half;
  for (let begin = 0; begin < real.length; begin += 2 * half) {
    for (let at = 0; at < half; at++) {
      const [low, high] = [begin + at, begin + at + half];
      const [cosine, sine] = [cosines[at * stride] ?? 0, sines[at * stride] ?? 0];
      const [a, b] = [real[high] ?? 0, imaginary[high] ?? 0];
      const [turnedReal, turnedImaginary] = [a * cosine - b * sine, a * sine + b * cosine];
      const [x, y] = [real[low] ?? 0, imaginary[low] ?? 0];
      real[low] = x + turnedReal;
      imaginary[low] = y + turnedImaginary;
      real[high] = x - turnedReal;
      imaginary[high] = y - turnedImaginary;
    }
  }
}

function reversed(index: number, bits: number): number {
  let result = 0;
  for (let bit = 0; bit < bits; bit++) if (index & (1 << bit)) result |= 1 << (bits - 1 - bit);
  return result;
}
