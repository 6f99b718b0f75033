/** How a process ended, as the system tells. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** What is written when memory could not be had, by V8, by C++ and by ONNX Runtime. */
const OUT_OF_MEMORY = /heap out of memory|bad_alloc|failed to allocate memory|out of memory|OOM\b/i;

/**
 * Why a process that trains ended without a word, as far as it can be told, as one sentence.
 * @param exit undefined where another window started the process
 * @param log the end of what it wrote to its standard error
 */
export function whyItEnded(exit: ProcessExit | undefined, log: string | undefined): string {
  if (log !== undefined && OUT_OF_MEMORY.test(log)) return 'The process that trains ran out of memory.';
  const { code = null, signal = null } = exit ?? {};
  if (signal === 'SIGKILL') {
    return 'The process that trains was killed: by a person, or by the system, which does so when memory runs out.';
  }
  if (signal === 'SIGTERM' || signal === 'SIGINT' || signal === 'SIGHUP') {
    return `The process that trains was ended from outside (${signal}).`;
  }
  if (signal !== null) return `The process that trains crashed (${signal}).`;
  // Windows has no signals: what went wrong is in the code, as 0xC0000005 for a memory access that is not allowed.
  if (code !== null && code > 255) return `The process that trains crashed (0x${code.toString(16).toUpperCase()}).`;
  if (code !== null && code !== 0) return `The process that trains ended with code ${code}.`;
  return 'The process that trains ended unexpectedly.';
}
