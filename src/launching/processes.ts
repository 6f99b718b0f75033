import { execFile } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { systemCodeOf } from '../errors.ts';
import { isStillThere, type ProcessIdentity } from '../platform/processes/processIdentity.ts';

/** Waits until a process is gone; false when it is still there after the time given. */
export async function endsWithin(identity: ProcessIdentity, milliseconds: number): Promise<boolean> {
  const deadline = performance.now() + milliseconds;
  while (isStillThere(identity)) {
    if (performance.now() > deadline) return false;
    await wait(50);
  }
  return true;
}

/** Asks a process to end, in the way of its operating system; another one that has its number now is left alone. */
export function terminate(identity: ProcessIdentity): void {
  if (isStillThere(identity)) signal(identity.processId, 'SIGTERM');
}

/**
 * Ends a process at once, with everything that it started when it leads a group of its own; another one that has its number
 * now is left alone.
 */
export function killProcessTree(identity: ProcessIdentity): void {
  if (!isStillThere(identity)) return;
  const { processId } = identity;
  if (process.platform === 'win32') {
    // It fails when the process is gone already, which is what was wanted.
    execFile('taskkill', ['/pid', String(processId), '/T', '/F'], () => undefined);
  } else if (!signal(-processId, 'SIGKILL')) {
    signal(processId, 'SIGKILL');
  }
}

/** Sends a signal; false when there is no such process any more. */
function signal(processId: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(processId, name);
  } catch (error) {
    if (systemCodeOf(error) === 'ESRCH') return false;
    throw error;
  }
}
