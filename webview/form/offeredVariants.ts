import type { SampleKind } from '../../src/protocol/experimentFacts.ts';
import type { Variant } from '../../src/protocol/form.ts';

/**
 * The variants that are offered at once, in their order; the others stand behind "More".
 * @param samples what the chosen data are made of; undefined until that is known
 * @param chosen id of the variant that is chosen, which is always in sight
 */
export function offeredVariants(
  variants: readonly Variant[],
  samples: SampleKind | undefined,
  chosen: string | undefined,
): readonly Variant[] {
  const suits = ({ suits }: Variant): boolean =>
    suits === undefined || (samples === undefined ? suits.isCommon : suits.samples.includes(samples));
  return variants.filter((variant) => variant.id === chosen || suits(variant));
}
