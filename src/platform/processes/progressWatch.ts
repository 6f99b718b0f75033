import { readFileSync } from 'node:fs';

/** Milliseconds that any step may take without a report, by the clock and of processor time: a refusal comes within five seconds. */
const LEAST_MS = { clock: 2500, processor: 500 } as const;
const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4096;

/** What is wrong with a process: it goes on without an end, or takes too much memory. */
export type Complaint = 'endless' | 'memory';

/**
 * Watches a process that does what may never end: tells when it reported nothing for too long or takes too much memory. Where the
 * operating system tells its processor time, that counts too: on a busy machine the clock alone would condemn good work.
 */
export class ProgressWatch {
  readonly #processId: number | undefined;
  #mostBytes: number;
  #clock = performance.now();
  #processor = 0;
  #allowanceMs = Infinity;

  constructor(processId: number | undefined, mostBytes: number) {
    this.#processId = processId;
    this.#mostBytes = mostBytes;
  }

  /** Notes a report, and what the next step may take beyond the usual. */
  allow(milliseconds: number): void {
    this.#clock = performance.now();
    this.#processor = this.#usage()?.processorMs ?? 0;
    this.#allowanceMs = milliseconds;
  }

  /** The most bytes that the process may take from now on. */
  allowBytes(mostBytes: number): void {
    this.#mostBytes = mostBytes;
  }

  /** What is wrong; undefined while nothing is. */
  complaint(): Complaint | undefined {
    const usage = this.#usage();
    if (usage && usage.bytes > this.#mostBytes) return 'memory';
    if (performance.now() - this.#clock < LEAST_MS.clock + this.#allowanceMs) return undefined;
    if (usage && usage.processorMs - this.#processor < LEAST_MS.processor + this.#allowanceMs) return undefined;
    return 'endless';
  }

  /** Undefined where the operating system does not tell. */
  #usage(): { readonly processorMs: number; readonly bytes: number } | undefined {
    if (process.platform !== 'linux' || this.#processId === undefined) return undefined;
    try {
      const text = readFileSync(`/proc/${this.#processId}/stat`, 'utf8');
      // The name of the program, in brackets, may have spaces.
      const fields = text
        .slice(text.lastIndexOf(')') + 2)
        .split(' ')
        .map(Number);
      const [user = 0, system = 0] = fields.slice(11);
      return { processorMs: ((user + system) * 1000) / TICKS_PER_SECOND, bytes: (fields[21] ?? 0) * PAGE_BYTES };
    } catch {
      return undefined;
    }
  }
}
