import { createContext, Script } from 'node:vm';

const CALL = new Script('work()');

/**
 * Does work that may never end, such as searching a text for a pattern from a file; only JavaScript that waits for nothing can be ended.
 * Watching takes a fifth of a millisecond.
 *
 * @returns false when it did not come to its end in time
 */
export function runWithin(milliseconds: number, work: () => void): boolean {
  try {
    CALL.runInContext(createContext({ work }), { timeout: milliseconds });
    return true;
  } catch (error) {
    // It comes from the other context, whose Error is not ours.
    if ((error as { readonly code?: unknown } | null)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return false;
    throw error;
  }
}
