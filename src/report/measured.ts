import * as z from 'zod';

/** JSON has no NaN; what was written as null was not a number. */
export const measured = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN);
