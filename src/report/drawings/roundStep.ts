/** The least 1, 2 or 5 times a power of ten that is not below a step: between marks of an axis, rows of a table, lines of a log. */
export function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  const multiple = [1, 2, 5].find((candidate) => candidate * power >= step * (1 - 1e-9)) ?? 10;
  return multiple * power;
}
