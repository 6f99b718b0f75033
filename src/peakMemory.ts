import { readFileSync } from 'node:fs';

/**
 * The most memory of this process, in bytes, that was in the machine's memory at once since the process began (peak resident set
 * size).
 */
export function peakMemory(): number {
  // What Linux tells of itself in getrusage includes the process that started this one, up to its size.
  const own =
    process.platform === 'linux' ? /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) : null;
  return Number(own?.[1] ?? process.resourceUsage().maxRSS) * 1024;
}
