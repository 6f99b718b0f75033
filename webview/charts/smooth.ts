/**
 * The exponential moving average of a curve, corrected for its start, so that it begins at the first value and not at zero
 * (Kingma & Ba 2015, section 3). Gaps stay gaps.
 *
 * @param weight of what came before, 0 (none) to below 1
 */
export function smooth(values: readonly (number | null)[], weight: number): (number | null)[] {
  let average = 0;
  let count = 0;
  return values.map((value) => {
    if (value === null) return null;
    average = weight * average + (1 - weight) * value;
    count += 1;
    return average / (1 - weight ** count);
  });
}
