import type { Problem } from '../../errors.ts';

/** Something that a person should know about a dataset that can be used all the same. */
export interface Finding extends Problem {
  /** A warning says that results may suffer; information only tells what was understood. */
  readonly severity: 'warning' | 'information';
}

/** What results may suffer from. @param where the field that is about it */
export function warning(where: string, message: string, hint?: string): Finding {
  return { severity: 'warning', where, message, ...(hint !== undefined && { hint }) };
}

/** What was understood of the data. @param where the field that would change it */
export function information(where: string, message: string): Finding {
  return { severity: 'information', where, message };
}
