/** The index of the value of a scale that a number is nearest to; 0 for what is no number. */
export function nearestIndex(scale: readonly number[], value: number): number {
  let nearest = 0;
  scale.forEach((candidate, index) => {
    if (Math.abs(candidate - value) < Math.abs((scale[nearest] ?? NaN) - value)) nearest = index;
  });
  return nearest;
}
