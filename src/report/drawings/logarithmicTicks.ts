/** Round numbers between two ends, for the marks of a logarithmic axis: powers of ten, and 2 and 5 times these where few fit. */
export function logarithmicTicks(low: number, high: number): readonly number[] {
  const powers = Array.from(
    { length: Math.ceil(Math.log10(high)) - Math.floor(Math.log10(low)) + 1 },
    (_, index) => 10 ** (Math.floor(Math.log10(low)) + index),
  );
  const within = (multiples: readonly number[]): readonly number[] =>
    powers
      .flatMap((power) => multiples.map((multiple) => power * multiple))
      .filter((tick) => tick >= low && tick <= high);
  const tens = within([1]);
  if (tens.length >= 4) return tens;
  const some = within([1, 2, 5]);
  return some.length >= 2 ? some : within([1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9]);
}
