import * as z from 'zod';

/** What stands in a file for "decide this from the data". */
export const automatic = 'auto';

/** A value, or `auto`. */
export function orAutomatic<Value extends z.ZodType>(value: Value) {
  return z.union([z.enum([automatic]), value]);
}
