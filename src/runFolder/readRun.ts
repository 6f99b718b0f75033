import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { DistilleryError, messageOf } from '../errors.ts';
import { readIfThere } from '../platform/readIfThere.ts';
import type { RunEvent } from '../protocol/events.ts';
import type { Report } from '../report/report.ts';
import { measured } from '../report/measured.ts';
import { qualitySchema, reportSchema } from '../report/reportSchema.ts';
import type { TreeReport } from '../report/trees/treeReport.ts';
import { treeReportSchema } from '../report/trees/treeReportSchema.ts';
import { runFiles } from './runFolder.ts';

/** The events that curves are drawn from. */
const curveEventSchema: z.ZodType<RunEvent> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('teacher'), validation: qualitySchema }),
  z.object({
    kind: z.literal('epoch'),
    network: z.enum(['teacher', 'student', 'baseline']),
    epoch: z.number(),
    epochs: z.number(),
    step: z.number(),
    losses: z.record(z.string(), measured),
    validation: qualitySchema,
    best: z.boolean(),
  }),
]);

/**
 * Reads `report.json` of a run folder.
 * @throws DistilleryError `FILE_NOT_FOUND` when the run has no report, `BAD_FILE` when it is not one
 */
export async function readReport(folder: string): Promise<Report> {
  const path = join(folder, runFiles.report);
  const text = await readIfThere(readFile(path, 'utf8'), undefined);
  if (text === undefined) {
    throw new DistilleryError('FILE_NOT_FOUND', `There is no ${runFiles.report} in '${folder}'.`, {
      hint: 'Name the folder of a run that has finished.',
    });
  }
  return parsed(path, text, reportSchema, 'a report');
}

/**
 * Reads `experiment.json` of a run folder, as it stands there.
 * @throws DistilleryError `FILE_NOT_FOUND` when there is none, `BAD_FILE` when it is not one
 */
export async function readExperiment(folder: string): Promise<object> {
  const path = join(folder, runFiles.experiment);
  const text = await readIfThere(readFile(path, 'utf8'), undefined);
  if (text === undefined) {
    throw new DistilleryError('FILE_NOT_FOUND', `There is no ${runFiles.experiment} in '${folder}'.`);
  }
  return parsed(path, text, z.looseObject({}), 'an experiment');
}

/**
 * Reads `tree.json` of a run folder; undefined where the student is no tree.
 * @throws DistilleryError `BAD_FILE` when it is not one
 */
export async function readTree(folder: string): Promise<TreeReport | undefined> {
  const path = join(folder, runFiles.tree);
  const text = await readIfThere(readFile(path, 'utf8'), undefined);
  return text === undefined ? undefined : parsed(path, text, treeReportSchema, 'a tree');
}

function parsed<Result>(path: string, text: string, schema: z.ZodType<Result>, what: string): Result {
  const result = schema.safeParse(jsonOf(text, path));
  if (result.success) return result.data;
  const field = z.core.toDotPath(result.error.issues[0]?.path ?? []);
  if (field === '') throw new DistilleryError('BAD_FILE', `'${path}' is not ${what} of this version.`);
  throw new DistilleryError('BAD_FILE', `'${path}' is not ${what} of this version: '${field}' is not as expected.`);
}

/** The events of a run from which curves are drawn. A run without them has none; a line that was cut off is left out. */
export async function readCurveEvents(folder: string): Promise<readonly RunEvent[]> {
  const text = await readIfThere(readFile(join(folder, runFiles.metrics), 'utf8'), '');
  return text.split('\n').flatMap((line) => {
    const event = curveEventSchema.safeParse(jsonOrNothing(line));
    return event.success ? [event.data] : [];
  });
}

function jsonOf(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new DistilleryError('BAD_FILE', `'${path}' is not JSON: ${messageOf(cause)}.`, { cause });
  }
}

function jsonOrNothing(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
