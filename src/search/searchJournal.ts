import { createHash } from 'node:crypto';
import { open, readFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { DistilleryError } from '../errors.ts';
import { readIfThere } from '../platform/readIfThere.ts';
import { writeAtomically } from '../platform/writeAtomically.ts';
import { searchFiles } from '../runFolder/searchFolder.ts';
import { measured } from '../report/measured.ts';
import type { Job, JobEnd } from './jobs.ts';

/** What a search is made from: with the same it goes on. */
export interface SearchIdentity {
  /** Hash of the experiment. */
  readonly experiment: string;
  readonly atOnce: number;
  /** Folder that relative paths of the experiment start from, kept for whoever goes on without its file. */
  readonly baseDirectory?: string;
}

const problem = z.object({ where: z.string(), message: z.string(), hint: z.string().exactOptional() });
const figures = z
  .object({ parameters: z.number(), macs: z.number(), bytes: z.number(), latencyMs: z.number().nullable() })
  .nullable();
const epoch = z.object({ epoch: z.number(), accuracy: z.number().nullable(), loss: measured, best: z.boolean() });

const endSchema = z.object({
  result: z.discriminatedUnion('state', [
    z.object({ state: z.enum(['finished', 'paused']), epochs: z.array(epoch), figures }),
    z.object({ state: z.enum(['refused', 'failed']), problems: z.array(problem), figures }),
  ]),
  at: z.string(),
  seconds: z.number(),
});

const lineSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('search'),
    version: z.literal(1),
    experiment: z.string(),
    atOnce: z.number(),
    baseDirectory: z.string().exactOptional(),
  }),
  z.object({
    kind: z.literal('begin'),
    job: z.object({
      number: z.int().min(0),
      trial: z.int().min(0),
      isFirst: z.boolean(),
      point: z.record(z.string(), z.number()),
      epochs: z.number().nullable(),
      beganAt: z.string(),
    }),
  }),
  z.object({ kind: z.literal('end'), job: z.int().min(0), end: endSchema }),
  z.object({ kind: z.literal('claim'), job: z.int().min(0), by: z.string() }),
  z.object({ kind: z.literal('minutes'), minutes: z.number() }),
]);

type Line = z.output<typeof lineSchema>;

/** A line as it is written; what is no number becomes null there. */
type WrittenLine =
  | Extract<Line, { readonly kind: 'begin' | 'claim' | 'minutes' }>
  | { readonly kind: 'end'; readonly job: number; readonly end: JobEnd };

/** The hash by which a search knows its experiment again. */
export function identityHash(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}

/** Everything that a search needs to go on after it was killed at any moment. Its folder belongs to one process at a time. */
export class SearchJournal {
  /** What was done before, in the order in which it was decided. */
  readonly jobs: readonly Job[];
  /** Minutes that the search took before. */
  readonly minutesBefore: number;
  readonly #file: FileHandle;
  readonly #startedAt = performance.now();
  #writing: Promise<void> = Promise.resolve();

  private constructor(file: FileHandle, jobs: readonly Job[], minutesBefore: number) {
    this.#file = file;
    this.jobs = jobs;
    this.minutesBefore = minutesBefore;
  }

  /**
   * Opens the journal in a folder, or begins one.
   * @throws DistilleryError `BAD_INPUT` when the folder holds another search, `BAD_FILE` when what it holds cannot be read
   */
  static async open(folder: string, identity: SearchIdentity): Promise<SearchJournal> {
    const path = join(folder, searchFiles.journal);
    const { lines: all, isWhole } = await readLines(path);
    const [first, ...lines] = all;
    if (!first) {
      await writeAtomically(path, `${JSON.stringify({ kind: 'search', version: 1, ...identity } satisfies Line)}\n`);
    } else {
      refuseOther(folder, first, identity);
      // A line that broke off when the search was killed is not gone on with.
      if (!isWhole) await writeAtomically(path, all.map((line) => `${JSON.stringify(line)}\n`).join(''));
    }
    return new SearchJournal(await open(path, 'a'), jobsOf(lines), minutesOf(lines));
  }

  /** Minutes that the search has taken so far, all its parts together. */
  get minutes(): number {
    return this.minutesBefore + (performance.now() - this.#startedAt) / 60_000;
  }

  async begin(job: Job): Promise<void> {
    const { number, trial, isFirst, point, epochs, beganAt } = job;
    await this.#append({ kind: 'begin', job: { number, trial, isFirst, point: { ...point }, epochs, beganAt } });
  }

  /** Notes who does a job, where several processes share the search. */
  async claim({ number }: Job, by: string): Promise<void> {
    await this.#append({ kind: 'claim', job: number, by });
  }

  async end(job: Job, end: JobEnd): Promise<void> {
    await this.#append({ kind: 'end', job: job.number, end });
    await this.#append({ kind: 'minutes', minutes: this.minutes });
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#file.close();
  }

  /** After what is being written; on the disk when this returns. */
  #append(line: WrittenLine): Promise<void> {
    const writing = this.#writing.then(async () => {
      await this.#file.writeFile(`${JSON.stringify(line)}\n`);
      await this.#file.sync();
    });
    this.#writing = writing.catch(() => undefined);
    return writing;
  }
}

async function readLines(path: string): Promise<{ readonly lines: readonly Line[]; readonly isWhole: boolean }> {
  const text = await readIfThere(readFile(path, 'utf8'), undefined);
  if (text === undefined) return { lines: [], isWhole: true };
  const written = text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .slice(0, -1);
  try {
    return { lines: written.map((line) => lineSchema.parse(JSON.parse(line))), isWhole: text.endsWith('\n') };
  } catch (cause) {
    throw new DistilleryError('BAD_FILE', `'${path}' is damaged.`, { cause, hint: 'Name another folder with --out.' });
  }
}

function refuseOther(folder: string, line: Line, { experiment, atOnce }: SearchIdentity): void {
  if (line.kind !== 'search' || line.experiment !== experiment) {
    throw new DistilleryError('BAD_INPUT', `'${folder}' holds the search of another experiment.`, {
      hint: 'Name another folder with --out; a search goes on with what it began with, only trials and minutes may be more.',
    });
  }
  if (line.atOnce !== atOnce) {
    throw new DistilleryError(
      'BAD_INPUT',
      `The search in '${folder}' began with ${line.atOnce} trials at once, not ${atOnce}.`,
      {
        hint: `It would come to something else; go on with --at-once ${line.atOnce}, or name another folder with --out.`,
      },
    );
  }
}

function jobsOf(lines: readonly Line[]): readonly Job[] {
  const jobs: Job[] = [];
  for (const line of lines) {
    if (line.kind === 'begin') jobs[line.job.number] = line.job;
    const job = line.kind === 'end' || line.kind === 'claim' ? jobs[line.job] : undefined;
    if (line.kind === 'end' && job) jobs[line.job] = { ...job, end: line.end };
    if (line.kind === 'claim' && job) jobs[line.job] = { ...job, by: line.by };
  }
  return jobs;
}

function minutesOf(lines: readonly Line[]): number {
  return lines.findLast((line) => line.kind === 'minutes')?.minutes ?? 0;
}
