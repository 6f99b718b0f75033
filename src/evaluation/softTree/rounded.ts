/** To the six significant digits that float32 has. */
export function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
