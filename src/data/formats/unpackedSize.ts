/** Below this, unpacked data does no harm whatever its ratio. */
const HARMLESS = 2 ** 26;
/** Real samples shrink to a tenth; what shrinks to less than a hundredth and is large was made to fill memory. */
const USUAL_RATIO = 100;

/** What is wrong with packed data that would become so many bytes, as the end of a sentence; undefined when nothing is. */
export function excessOf(packed: number, unpacked: number): string | undefined {
  if (unpacked <= mostUnpacked(packed)) return undefined;
  return `${packed} packed bytes would become ${unpacked}, more than ${USUAL_RATIO} times as many`;
}

/** The most bytes that so many packed ones may become. */
export function mostUnpacked(packed: number): number {
  return Math.max(HARMLESS, packed * USUAL_RATIO);
}

/** What a person does whose data is truly like that. */
export const STORE_UNPACKED = 'Fetch the file again, or store it without compression if that is what it holds.';
