import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Copies a run's folder as it is at this very moment: what its process would leave, were it killed now. */
export function leaveAsKilled(folder: string, copy: string): void {
  cpSync(folder, copy, { recursive: true });
  // This process lives, and says so in it.
  rmSync(join(copy, 'lease.json'));
}
