/** Most digits behind the point that are looked for. */
const MOST = 4;
/** Up to here multiples of a step can be told apart after a number was scaled in single precision and back. */
const LARGEST = 2 ** 20;
/** How near to a multiple of a step a number lies that is written as one. */
const NEAR = 1e-6;

/**
 * The digits behind the point that all numbers of a column have, such as 0 for whole numbers and 2 for prices.
 * @param columns the same column of several tables; NaN where a number is missing
 * @returns undefined where there are more, or numbers too large to find them again
 */
export function decimalsOf(columns: readonly Float64Array[]): number | undefined {
  for (let decimals = 0; decimals <= MOST; decimals++) {
    const factor = 10 ** decimals;
    const fits = columns.every((values) => values.every((value) => Number.isNaN(value) || isMultiple(value * factor)));
    if (fits) return decimals;
  }
  return undefined;
}

function isMultiple(value: number): boolean {
  return Math.abs(value) <= LARGEST && Math.abs(value - Math.round(value)) <= NEAR;
}
