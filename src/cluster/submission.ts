import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { DistilleryError } from '../errors.ts';
import { slurmSchema } from '../experiment/schema/runner.ts';
import { writeAtomically } from '../platform/writeAtomically.ts';

/** The folder in a run's or a search's folder that a submission leaves: its record, the scripts and what the tasks print. */
export const CLUSTER_FOLDER = 'cluster';
const SUBMISSION_FILE = 'submission.json';

const submissionSchema = z.object({
  version: z.literal(1),
  kind: z.enum(['run', 'search']),
  name: z.string(),
  submittedAt: z.iso.datetime(),
  /** Folder that relative paths of the experiment start from. */
  baseDirectory: z.string(),
  cacheFolder: z.string(),
  settings: slurmSchema,
  /** As it was written, without the section `runner`. */
  experiment: z.looseObject({}),
  /** In how many parts the outputs of teachers are computed; 0 for none. */
  labelShards: z.int().min(0),
  /** Of a training in rounds. */
  rounds: z.object({ rounds: z.int().positive(), workers: z.int().positive() }).nullable(),
  /** What was handed in, in the order in which it is done. */
  jobs: z.array(z.object({ id: z.string(), name: z.string(), tasks: z.int().positive().nullable() })),
});

/** What was handed to a cluster, so that tasks know what to do and people can ask how it goes. */
export type Submission = z.output<typeof submissionSchema>;

/** Writes the record of a submission into the folder of its run or search. */
export async function writeSubmission(folder: string, submission: Submission): Promise<void> {
  const path = join(folder, CLUSTER_FOLDER);
  await mkdir(path, { recursive: true });
  await writeAtomically(join(path, SUBMISSION_FILE), `${JSON.stringify(submission, null, 2)}\n`);
}

/** The record of a submission; undefined where there is none. @throws DistilleryError `BAD_FILE` when it is none of this version */
export async function findSubmission(folder: string): Promise<Submission | undefined> {
  const path = join(folder, CLUSTER_FOLDER, SUBMISSION_FILE);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
  try {
    return submissionSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new DistilleryError('BAD_FILE', `'${path}' is no submission of this version.`, { cause });
  }
}

/** @throws DistilleryError `FILE_NOT_FOUND` when the folder was not submitted */
export async function readSubmission(folder: string): Promise<Submission> {
  const submission = await findSubmission(folder);
  if (submission) return submission;
  throw new DistilleryError('FILE_NOT_FOUND', `'${folder}' was not submitted to a cluster.`, {
    hint: "Name the folder that 'distillery submit' printed.",
  });
}
