import { basename, dirname, join } from 'node:path';
import { BadInputError, messageOf, type Problem } from '../errors.ts';
import type { RunEvent } from '../protocol/events.ts';
import type { Report } from '../report/report.ts';
import { readCurveEvents, readExperiment, readReport } from '../runFolder/readRun.ts';
import { readMarks } from '../runFolder/runMarks.ts';
import { readTestScores, type TestScores } from '../runFolder/testScores.ts';

/** How many runs can be compared: more than that nobody tells apart in a chart. */
const FEWEST = 2;
export const MOST = 20;

/** A run as far as it is compared. */
export interface ComparedRun {
  readonly folder: string;
  /** What it is called in tables; no two are called the same. */
  readonly label: string;
  readonly report: Report;
  /** As it was run. */
  readonly experiment: object;
  readonly events: readonly RunEvent[];
  /** Undefined in runs of older versions. */
  readonly scores: TestScores | undefined;
}

/**
 * Reads the runs in these folders, in this order.
 * @throws BadInputError with every folder that holds no run with a report, and where they are too few or too many
 */
export async function readComparedRuns(folders: readonly string[]): Promise<readonly ComparedRun[]> {
  const problems: Problem[] = [];
  if (folders.length < FEWEST || folders.length > MOST) {
    const message = `takes ${FEWEST} to ${MOST} runs (found ${folders.length})`;
    problems.push({ where: 'compare', message });
  }
  const twice = folders.filter((folder, index) => folders.indexOf(folder) !== index);
  problems.push(...[...new Set(twice)].map((where) => ({ where, message: 'is named twice' })));
  const runs: Omit<ComparedRun, 'label'>[] = [];
  const names: string[] = [];
  for (const folder of folders) {
    try {
      const report = await readReport(folder);
      const [experiment, events, scores, marks] = await Promise.all([
        readExperiment(folder),
        readCurveEvents(folder),
        readTestScores(folder),
        readMarks(folder),
      ]);
      runs.push({ folder, report, experiment, events, scores });
      names.push(marks.name ?? report.name);
    } catch (error) {
      problems.push({ where: folder, message: messageOf(error) });
    }
  }
  if (problems.length > 0) throw new BadInputError(problems);
  const labels = distinct(names, folders);
  return runs.map((run, index) => ({ ...run, label: labels[index] ?? run.folder }));
}

/**
 * Names that are taken more than once get the time at which their run began; where that says nothing, they become the name of the run's folder,
 * with the one that it lies in where that is taken, too, and a number if nothing helps.
 */
export function distinct(names: readonly string[], folders: readonly string[]): readonly string[] {
  const isTaken = (list: readonly string[], name: string): boolean =>
    list.filter((candidate) => candidate === name).length > 1;
  const days = new Set(folders.map((folder) => timeOf(folder)?.day));
  const others = [
    folders.map((folder, index) => {
      const time = timeOf(folder);
      if (time === undefined) return basename(folder);
      return `${names[index] ?? ''}, ${days.size === 1 ? '' : `${time.day} `}${time.clock}`;
    }),
    folders.map((folder) => basename(folder)),
    folders.map((folder) => join(basename(dirname(folder)), basename(folder))),
    folders.map((folder, index) => `${basename(folder)} (${index + 1})`),
  ];
  return others.reduce(
    (chosen, next) => chosen.map((name, index) => (isTaken(chosen, name) ? (next[index] ?? name) : name)),
    names,
  );
}

/** When a run began, as the id says that its folder is named by; undefined for one of another name. */
function timeOf(folder: string): { readonly day: string; readonly clock: string } | undefined {
  const [, day, clock] = /^(\d{4}-\d\d-\d\d)T(\d\d-\d\d-\d\d)(?:-|$)/.exec(basename(folder)) ?? [];
  return day === undefined || clock === undefined ? undefined : { day, clock: clock.replaceAll('-', ':') };
}
