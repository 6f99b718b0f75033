import { readFileSync, writeFileSync } from 'node:fs';
import { systemCodeOf } from '../errors.ts';

/**
 * The most memory of this process, in bytes, that was in the machine's memory at once since the process began (peak resident set
 * size), or since `forgetPeakMemory`.
 */
export function peakMemory(): number {
  // What Linux tells of itself in getrusage includes the process that started this one, up to its size.
  const own =
    process.platform === 'linux' ? /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) : null;
  return Number(own?.[1] ?? process.resourceUsage().maxRSS) * 1024;
}

/** Lets the peak begin anew with what the process has in memory now, where the operating system can do that. */
export function forgetPeakMemory(): void {
  if (process.platform !== 'linux') return;
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch (error) {
    // Some containers have it read-only: what the process took when it started counts on.
    const code = systemCodeOf(error);
    if (code !== 'EACCES' && code !== 'EROFS' && code !== 'EPERM' && code !== 'ENOENT') throw error;
  }
}
