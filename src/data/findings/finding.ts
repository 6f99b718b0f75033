import type { Problem } from '../../errors.ts';

/** Something that a person should know about a dataset that can be used all the same. */
export interface Finding extends Problem {
  /** A warning says that results may suffer; information only tells what was understood. */
  readonly severity: 'warning' | 'information';
}

export function warning(where: string, message: string, hint?: string): Finding {
  return { severity: 'warning', where, message, ...(hint !== undefined && { hint }) };
}

export function information(where: string, message: string): Finding {
  return { severity: 'information', where, message };
}
