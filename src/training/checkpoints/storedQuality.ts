import * as z from 'zod';

/** A number as files hold it: JSON writes one that is none as null. */
export const storedNumber = z
  .number()
  .nullable()
  .transform((value) => value ?? NaN);

/** How well a network did, as files hold it. */
export const storedQuality = z.object({ accuracy: z.number().nullable(), loss: storedNumber });
