import * as z from 'zod';
import type { Quality } from './quality.ts';
import { measured } from './measured.ts';

/** Teachers at sites, of which nothing but what they say is known. */
export interface TaughtBySites {
  /** How what they say was averaged; the experiment's `teacher.weighting`. */
  readonly weighting: 'familiarity' | 'confidence' | 'class-counts' | 'mean';
  /** All together, on the public validation split and test split. */
  readonly validation: Quality;
  readonly test: Quality;
  readonly sites: readonly {
    readonly name: string;
    /** The classes that the site has, and how many training samples of each. */
    readonly classes: readonly { readonly name: string; readonly samples: number }[];
    /** The site alone, on the whole public validation split. */
    readonly validation: Quality;
    /** Its accuracy on those of these samples whose class it has; null where there are none. */
    readonly ownAccuracy: number | null;
  }[];
}

const quality = z.looseObject({ accuracy: z.number().nullable(), loss: measured });

export const taughtBySitesSchema = z.looseObject({
  weighting: z.enum(['familiarity', 'confidence', 'class-counts', 'mean']),
  validation: quality,
  test: quality,
  sites: z.array(
    z.looseObject({
      name: z.string(),
      classes: z.array(z.looseObject({ name: z.string(), samples: z.number() })),
      validation: quality,
      ownAccuracy: z.number().nullable(),
    }),
  ),
}) satisfies z.ZodType<TaughtBySites>;
