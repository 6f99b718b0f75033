/** Of fewer validation samples one or two decide, whatever is compared on them. */
const FEWEST_JUDGED = 50;

/** Whether a validation split is too small to tell networks apart that differ by a few points. */
export function tellsLittle({ count }: { readonly count: number }): boolean {
  return count > 0 && count < FEWEST_JUDGED;
}
