import { readFileSync } from 'node:fs';
import { systemCodeOf } from '../../errors.ts';

/** Whether a process with this number exists and has not ended, also when it belongs to somebody else. */
export function isProcessAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
  } catch (error) {
    return systemCodeOf(error) === 'EPERM';
  }
  return process.platform !== 'linux' || !isUncollected(processId);
}

/** An orphan that ended keeps its number until the first process of the system, or of the container, collects it. */
function isUncollected(processId: number): boolean {
  try {
    return /\) Z /.test(readFileSync(`/proc/${processId}/stat`, 'latin1'));
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return true;
    throw error;
  }
}
