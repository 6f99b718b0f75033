import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import * as z from 'zod';
import { writeAtomically } from '../platform/writeAtomically.ts';
import { runFiles } from './runFolder.ts';

/** What every test sample adds to a mean: the sum of some scores, and how many they are; as `SampleScores` of the evaluation. */
export interface StoredScores {
  readonly sums: Float64Array;
  readonly counts: Float64Array;
}

/**
 * How the networks of a run did on every sample of the test split, `scores.json`: with it runs are compared sample by sample, long
 * after their data are gone.
 */
export interface TestScores {
  /** Hash of the test split, as the report's provenance has it. */
  readonly test: string;
  /** Right decisions, or squared errors. */
  readonly measure: 'decisions' | 'squared errors';
  readonly student: StoredScores;
  /** Of the baseline; left out where there is none. */
  readonly baseline?: StoredScores | undefined;
  /** The class of every sample; left out where samples have no class of their own. */
  readonly labels?: Int32Array | undefined;
}

/** Numbers of a sample, deflated, in base64. */
const floats = z.base64().transform((text) => {
  const bytes = inflateRawSync(Buffer.from(text, 'base64'));
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length - (bytes.length % 4)));
});

const scoresSchema = z.object({ sums: floats, counts: floats }).transform(({ sums, counts }): StoredScores => ({
  sums: Float64Array.from(sums),
  counts: Float64Array.from(counts),
}));

const fileSchema = z.object({
  version: z.literal(1),
  test: z.string(),
  measure: z.enum(['decisions', 'squared errors']),
  student: scoresSchema,
  baseline: scoresSchema.optional(),
  labels: floats.transform((values) => Int32Array.from(values)).optional(),
});

/** Writes the scores of a run into its folder. @throws DistilleryError when they cannot be written */
export async function writeTestScores(
  folder: string,
  { test, measure, student, baseline, labels }: TestScores,
): Promise<void> {
  const scores = ({ sums, counts }: StoredScores): object => ({ sums: packed(sums), counts: packed(counts) });
  const written = {
    version: 1,
    test,
    measure,
    student: scores(student),
    ...(baseline && { baseline: scores(baseline) }),
    ...(labels && { labels: packed(labels) }),
  };
  await writeAtomically(join(folder, runFiles.scores), `${JSON.stringify(written)}\n`);
}

/** The scores of the run in `folder`; undefined where it has none: runs of older versions, and files that are damaged. */
export async function readTestScores(folder: string): Promise<TestScores | undefined> {
  try {
    const text = await readFile(join(folder, runFiles.scores), 'utf8');
    const { test, measure, student, baseline, labels } = fileSchema.parse(JSON.parse(text));
    return { test, measure, student, ...(baseline && { baseline }), ...(labels && { labels }) };
  } catch {
    return undefined;
  }
}

/** Single precision: more is noise in a score. */
function packed(values: ArrayLike<number>): string {
  return deflateRawSync(new Uint8Array(Float32Array.from(values).buffer)).toString('base64');
}
