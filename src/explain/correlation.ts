/** Pearson's correlation of two lists of numbers, −1…1; null where one of them does not vary. */
export function correlation(one: Float32Array, other: Float32Array): number | null {
  const meanOf = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanOfOne, meanOfOther] = [meanOf(one), meanOf(other)];
  let [together, ofOne, ofOther] = [0, 0, 0];
  one.forEach((value, index) => {
    const [x, y] = [value - meanOfOne, (other[index] ?? NaN) - meanOfOther];
    together += x * y;
    ofOne += x * x;
    ofOther += y * y;
  });
  const spread = Math.sqrt(ofOne * ofOther);
  return spread > 0 ? together / spread : null;
}
