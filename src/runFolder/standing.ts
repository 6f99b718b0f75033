import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runFiles } from './runFolder.ts';
import { checkpointFiles } from './checkpointFolder.ts';

/** How far the run of a folder is. */
export type Standing =
  /** There is nothing from which it could go on. */
  | 'new'
  /** It can go on from what its folder holds. */
  | 'begun'
  /** Its report is there, and nothing is left to do. */
  | 'finished';

/** How far the run of a folder is, whether a process is at it or not. */
export function standingOf(folder: string): Standing {
  // It has a report a moment before its status says so, and may go on from its checkpoint until then.
  if (stateIn(folder) === 'finished') return 'finished';
  const names = [checkpointFiles.progress, checkpointFiles.previousProgress];
  return names.some((name) => existsSync(join(folder, runFiles.checkpoint, name))) ? 'begun' : 'new';
}

function stateIn(folder: string): unknown {
  try {
    const status: unknown = JSON.parse(readFileSync(join(folder, runFiles.status), 'utf8'));
    return typeof status === 'object' && status !== null && 'state' in status ? status.state : undefined;
  } catch {
    return undefined;
  }
}
