import { readFileSync } from 'node:fs';

/** Whether a process with this number exists and has not ended, also when it belongs to somebody else. */
export function isProcessAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
  return process.platform !== 'linux' || !isUncollected(processId);
}

/** An orphan that ended keeps its number until the first process of the system, or of the container, collects it. */
function isUncollected(processId: number): boolean {
  try {
    return /\) Z /.test(readFileSync(`/proc/${processId}/stat`, 'latin1'));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return true;
    throw error;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
