import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { isProcessAlive } from './isProcessAlive.ts';

/** A process beyond doubt: its number may be another's later, but not together with the moment when it started. */
export interface ProcessIdentity {
  readonly processId: number;
  /** In the words of the operating system; null where that does not tell. */
  readonly started: string | null;
}

/** Who has this number now. */
export function identityOf(processId: number): ProcessIdentity {
  return { processId, started: startOf(processId) };
}

/** Whether this very process lives, and not another one that was given its number since. */
export function isStillThere({ processId, started }: ProcessIdentity): boolean {
  if (!isProcessAlive(processId)) {
    starts.delete(processId);
    return false;
  }
  return started === null || knownStartOf(processId) === started;
}

/** What asking cost a process of its own, while the process asked about lives. */
const starts = new Map<number, { readonly started: string | null; readonly askedAt: number }>();
const ASK_AGAIN_MS = 10_000;

/** Linux tells for nothing; elsewhere a program has to be asked, which views that look five times a second cannot wait for. */
function knownStartOf(processId: number): string | null {
  if (process.platform === 'linux') return startOf(processId);
  const known = starts.get(processId);
  if (known && performance.now() - known.askedAt < ASK_AGAIN_MS) return known.started;
  const started = startOf(processId);
  starts.set(processId, { started, askedAt: performance.now() });
  return started;
}

function startOf(processId: number): string | null {
  try {
    if (process.platform === 'linux') return startInProc(processId);
    if (process.platform === 'win32') {
      const command = `(Get-Process -Id ${processId}).StartTime.ToFileTimeUtc()`;
      return ask('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', command]);
    }
    return ask('ps', ['-o', 'lstart=', '-p', String(processId)]);
  } catch {
    // The process is gone, or the system does not tell.
    return null;
  }
}

/** Ticks since the machine started, and which start of the machine that was (proc(5), `starttime`). */
function startInProc(processId: number): string | null {
  const stat = readFileSync(`/proc/${processId}/stat`, 'latin1');
  // The name of the program, in parentheses, may hold spaces and parentheses itself.
  const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  return ticks === undefined ? null : `${bootId()} ${ticks}`;
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  } catch {
    // Some sandboxes have none.
    return '';
  }
}

function ask(program: string, args: readonly string[]): string | null {
  const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
  const said = execFileSync(program, args, { encoding: 'utf8', env, windowsHide: true, timeout: 5000, stdio: 'pipe' });
  return said.trim() || null;
}
