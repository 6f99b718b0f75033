import type { StoredRun } from './readRun.ts';

/** The newest run of this name, however it ended; undefined where there is none. @param runs newest first */
export function lastRun<Run extends Pick<StoredRun, 'status'>>(
  runs: readonly Run[],
  name: string | undefined,
): Run | undefined {
  return runs.find(({ status }) => status.name === name);
}

/** Seconds that the newest run of this name took that finished in one go; undefined where there is none. @param runs newest first */
export function lastDuration(runs: readonly Pick<StoredRun, 'status'>[], name: string | undefined): number | undefined {
  const last = runs.find(
    ({ status }) => status.name === name && status.state === 'finished' && status.resumedAt === undefined,
  )?.status;
  if (last?.endedAt === undefined) return undefined;
  return (Date.parse(last.endedAt) - Date.parse(last.startedAt)) / 1000;
}
