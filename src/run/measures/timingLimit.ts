/** How long speeds are measured on a device at most: for a report, for a trial of a search, and where a person waits for the run to stop. */
const LIMIT_MS = { report: 8000, trial: 1500, stopped: 200 } as const;

/** Names a shorter or longer limit, in seconds. */
export const TIMING_VARIABLE = 'DISTILLERY_TIMING_SECONDS';

/**
 * How long speeds are measured on a device at most, in milliseconds: 8 s for a report and 1.5 s for a trial, or what the environment
 * variable `DISTILLERY_TIMING_SECONDS` says; and never longer than 0.2 s where somebody waits for the run to stop. Anything but a positive
 * number is told to `onIgnored`, with what would be right, and ignored.
 */
export function timingLimitMs(
  purpose: keyof typeof LIMIT_MS,
  onIgnored: (message: string) => void,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): number {
  const text = environment[TIMING_VARIABLE];
  const seconds = text === undefined || text.trim() === '' ? undefined : Number(text);
  const isUsable = seconds === undefined || (Number.isFinite(seconds) && seconds > 0);
  if (!isUsable) {
    onIgnored(
      `The environment variable ${TIMING_VARIABLE} is '${text ?? ''}', which is no positive number of seconds: speeds are measured for up to ` +
        `${LIMIT_MS[purpose] / 1000} s.`,
    );
  }
  if (!isUsable || seconds === undefined) return LIMIT_MS[purpose];
  return purpose === 'stopped' ? Math.min(seconds * 1000, LIMIT_MS.stopped) : seconds * 1000;
}
