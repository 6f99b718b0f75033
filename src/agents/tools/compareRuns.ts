import { basename, join } from 'node:path';
import * as z from 'zod';
import { BadInputError, problemsOfError, type Problem } from '../../errors.ts';
import { beats, figuresOf, shareTestSplit } from '../../report/compareReports.ts';
import { formatBytes, formatCount, formatLoss, formatPercent, writerOfMilliseconds } from '../../report/format.ts';
import type { Report } from '../../report/report.ts';
import { readReport } from '../../runFolder/readRun.ts';
import { runFiles } from '../../runFolder/runFolder.ts';
import { findTrainingRun } from '../runFolders.ts';
import { defineTool } from '../tool.ts';
import { joinLines, markdownTable } from '../wording.ts';

interface ComparedRun {
  readonly folder: string;
  readonly report: Report;
}

export const compareRuns = defineTool({
  name: 'compare_runs',
  title: 'Compare runs',
  description:
    'Puts finished runs beside each other: student, teacher, the same student without the teacher, size and speed, and which student no ' +
    'other one beats. One run is compared with its own teacher and baseline. Reads only.',
  input: z.strictObject({
    runs: z
      .array(z.string().min(1))
      .min(1)
      .max(20)
      .describe('Ids of finished runs, as list_runs has them, or paths of their folders.'),
  }),
  run: async ({ runs: named }, { workspace }) => {
    const runs: ComparedRun[] = [];
    const problems: Problem[] = [];
    for (const name of named) {
      try {
        const { folder } = await findTrainingRun(name, workspace);
        runs.push({ folder, report: await readReport(folder) });
      } catch (error) {
        problems.push(...problemsOfError(error, name));
      }
    }
    if (problems.length > 0) throw new BadInputError(problems);
    const compared = runs.map((run) => ({
      ...run,
      isOnFront: !runs.some((other) => beats(other.report, run.report, 'bytes')),
    }));
    const [only, ...others] = runs;
    const writeLatency = writerOfMilliseconds(runs.map(({ report }) => report.student.latencyMs.p50));
    return {
      text: joinLines(
        markdownTable({
          head: ['Run', 'Student', 'Teacher', 'Baseline', 'Parameters', 'MACs', 'Size', 'Latency'],
          rows: compared.map((run) => rowOf(run, writeLatency)),
        }),
        'Quality on the test split. The baseline is the same student trained without the teacher. ★: no other student here is better and not larger.',
        only && others.length === 0 ? only.report.summary : undefined,
        shareTestSplit(runs.map(({ report }) => report))
          ? undefined
          : 'The runs were judged on different test splits, so that their figures say little about each other.',
        runs.length > 2
          ? 'Choosing among many runs by the test split makes its figures too good: choose on the validation split, as start_search does.'
          : undefined,
      ),
      data: {
        runs: compared.map(({ folder, report, isOnFront }) => ({
          run: basename(folder),
          ...figuresOf(report),
          isOnFront,
        })),
        shareTestSplit: shareTestSplit(runs.map(({ report }) => report)),
      },
      whole: only && others.length === 0 ? join(only.folder, runFiles.report) : null,
    };
  },
});

function rowOf(
  { folder, report, isOnFront }: ComparedRun & { readonly isOnFront: boolean },
  writeLatency: (milliseconds: number) => string,
): readonly string[] {
  const { student, teacher, baseline } = report;
  const quality = (network: { readonly test: Report['student']['test'] } | null): string =>
    network === null
      ? '–'
      : network.test.accuracy === null
        ? `loss ${formatLoss(network.test.loss)}`
        : formatPercent(network.test.accuracy);
  return [
    `${basename(folder)}${isOnFront ? ' ★' : ''}`,
    ...[student, teacher, baseline].map(quality),
    formatCount(student.parameters),
    formatCount(student.macs),
    formatBytes(student.bytes),
    writeLatency(student.latencyMs.p50),
  ];
}
