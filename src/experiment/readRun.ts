import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { DistilleryError, messageOf } from '../errors.ts';
import type { RunEvent } from '../protocol/events.ts';
import type { Report } from '../protocol/report.ts';
import { measured, qualitySchema, reportSchema } from '../protocol/reportSchema.ts';
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
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new DistilleryError('FILE_NOT_FOUND', `There is no ${runFiles.report} in '${folder}'.`, {
      cause,
      hint: 'Name the folder of a run that has finished.',
    });
  }
  const parsed = reportSchema.safeParse(jsonOf(text, path));
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  const field = first ? z.core.toDotPath(first.path) : '';
  throw new DistilleryError('BAD_FILE', `'${path}' is not a report of this version: '${field}' is not as expected.`);
}

/** The events of a run from which curves are drawn. A run without them has none; a line that was cut off is left out. */
export async function readCurveEvents(folder: string): Promise<readonly RunEvent[]> {
  let text: string;
  try {
    text = await readFile(join(folder, runFiles.metrics), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
  return text.split('\n').flatMap((line) => {
    const parsed = curveEventSchema.safeParse(jsonOrNothing(line));
    return parsed.success ? [parsed.data] : [];
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
