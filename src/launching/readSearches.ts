import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as z from 'zod';
import type { SearchState } from '../protocol/searchPage.ts';
import { leaseStateOf } from '../runFolder/runLease.ts';
import { searchesDirectory, searchFiles, trialFolder } from '../runFolder/searchFolder.ts';
import { readRunStatus } from './readRuns.ts';
import { readIfThere } from '../platform/readIfThere.ts';
import { parseJson, readJson } from './readJson.ts';

/** A search as its folder has it. */
export interface StoredSearch {
  readonly folder: string;
  readonly name: string;
  readonly state: SearchState;
  /** Trials that have ended, and that there are to be, at most; 0 where that is not known. */
  readonly done: number;
  readonly mostTrials: number;
}

/** The part of `search.json` that a list shows. */
const resultSchema = z.object({
  name: z.string(),
  mostTrials: z.number().default(0),
  endedBy: z.string().nullable(),
  trials: z.array(z.object({ state: z.string() })),
});

const experimentSchema = z.object({
  name: z.string().optional(),
  search: z.object({ trials: z.number().optional() }).optional(),
});

const journalSchema = z.object({ atOnce: z.number(), baseDirectory: z.string().optional() });

/** The searches of a workspace folder, the newest first. */
export async function readSearches(workspaceFolder: string): Promise<readonly StoredSearch[]> {
  const directory = searchesDirectory(workspaceFolder);
  const entries = await readIfThere(readdir(directory, { withFileTypes: true }), []);
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  // Ids begin with the time.
  const read = await Promise.all(
    names
      .toSorted()
      .toReversed()
      .map((name) => readSearchFolder(join(directory, name))),
  );
  return read.filter((search) => search !== undefined);
}

/** Reads the folder of one search; undefined where it is none (yet). */
export async function readSearchFolder(folder: string): Promise<StoredSearch | undefined> {
  const result = resultSchema.safeParse(await readJson(join(folder, searchFiles.result))).data;
  const experiment = experimentSchema.safeParse(await readJson(join(folder, searchFiles.experiment))).data;
  const lease = leaseStateOf(folder).kind;
  if (!result && !experiment && lease !== 'held' && lease !== 'elsewhere') return undefined;
  const trials = result?.trials ?? [];
  const ended = result?.endedBy ?? null;
  const isOver = ended !== null && ended !== 'stopped';
  return {
    folder,
    // One that has just begun has written nothing yet; its id ends with its name.
    name: result?.name ?? experiment?.name ?? basename(folder).replace(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-/, ''),
    state:
      lease === 'held'
        ? 'running'
        : lease === 'elsewhere'
          ? 'elsewhere'
          : isOver
            ? 'finished'
            : ended === 'stopped'
              ? 'stopped'
              : 'interrupted',
    // Trials that wait for others to be compared with are not done while the search is not.
    done: trials.filter(({ state }) => isOver || !['running', 'paused'].includes(state)).length,
    mostTrials: result?.mostTrials ?? experiment?.search?.trials ?? 0,
  };
}

/** With what a search is gone on with, beside its folder. */
export interface KeptSearch {
  /** As it was given. */
  readonly experiment: unknown;
  readonly atOnce: number;
  /** Undefined where a search of an older version has not begun a trial. */
  readonly baseDirectory: string | undefined;
}

/** What is kept of a search to go on with; undefined where it is damaged or none. */
export async function readKeptSearch(folder: string): Promise<KeptSearch | undefined> {
  const experiment = await readJson(join(folder, searchFiles.experiment));
  const text = await readIfThere(readFile(join(folder, searchFiles.journal), 'utf8'), '');
  const journal = journalSchema.safeParse(parseJson(text.slice(0, Math.max(0, text.indexOf('\n'))))).data;
  if (experiment === undefined || !journal) return undefined;
  const ofTrial = (await readRunStatus(join(folder, trialFolder(0))))?.baseDirectory;
  return { experiment, atOnce: journal.atOnce, baseDirectory: journal.baseDirectory ?? ofTrial };
}
