/** The widths of another number of layers: further ones are as wide as the last. */
export function withLayers(widths: readonly number[], count: number, usual: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => widths[index] ?? widths.at(-1) ?? usual);
}

/** The widths in their proportions, the first one as wide as is given. */
export function withFirstWidth(widths: readonly number[], width: number): readonly number[] {
  const [first = width] = widths;
  return widths.map((each) => Math.max(1, Math.round((each / first) * width)));
}
