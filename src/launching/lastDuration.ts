import type { StoredRun } from './readRun.ts';

/** Seconds that the newest run of this name took that finished in one go; undefined where there is none. @param runs newest first */
export function lastDuration(runs: readonly Pick<StoredRun, 'status'>[], name: string | undefined): number | undefined {
  const last = runs.find(
    ({ status }) => status.name === name && status.state === 'finished' && status.resumedAt === undefined,
  )?.status;
  if (last?.endedAt === undefined) return undefined;
  return (Date.parse(last.endedAt) - Date.parse(last.startedAt)) / 1000;
}
