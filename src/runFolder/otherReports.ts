import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Report } from '../report/report.ts';
import { reportSchema } from '../report/reportSchema.ts';
import { runFiles } from './runFolder.ts';

/** Runs that are looked at, the newest ones: their names begin with the time. */
const MOST_RUNS = 200;

/**
 * The reports of the runs that lie beside a run folder. What has no report, or one that cannot be read, is left out: other runs may
 * go on, or be of another version.
 */
export async function readOtherReports(folder: string): Promise<readonly Report[]> {
  const runs = dirname(folder);
  const names = await readdir(runs).catch(() => []);
  const others = names
    .filter((name) => name !== basename(folder))
    .sort()
    .slice(-MOST_RUNS);
  const reports = await Promise.all(others.map((name) => reportIn(join(runs, name))));
  return reports.filter((report) => report !== undefined);
}

async function reportIn(folder: string): Promise<Report | undefined> {
  try {
    return reportSchema.safeParse(JSON.parse(await readFile(join(folder, runFiles.report), 'utf8'))).data;
  } catch {
    return undefined;
  }
}
