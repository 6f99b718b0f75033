import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DistilleryError } from '../errors.ts';
import { nearest } from '../experiment/suggest.ts';
import { readRuns, readRunStatus, runsDirectory, TRAINER_LOG } from '../launching/readRuns.ts';
import type { StoredRun } from '../launching/readRun.ts';
import type { RunStatus } from '../protocol/events.ts';
import { runFiles } from '../runFolder/runFolder.ts';
import { searchesDirectory as directoryOfSearches, searchFiles } from '../runFolder/searchFolder.ts';
import type { Workspace } from './workspace.ts';

/** What is said of the field by which tools take a run. */
export const RUN_FIELD = 'Id of the run, as list_runs has it, or path of its folder.';

/** A run or a search; a run that has no status yet is being checked, or was refused. */
export type FoundRun =
  | { readonly kind: 'checking'; readonly folder: string }
  | { readonly kind: 'run'; readonly folder: string; readonly status: RunStatus }
  | { readonly kind: 'search'; readonly folder: string };

/** Where the searches of a workspace are. */
export function searchesDirectory(workspace: Workspace): string {
  return directoryOfSearches(workspace.folder);
}

/**
 * The run, or the search, that a tool was given by its id or its folder. No link in its folder leads outside of the workspace.
 * @throws DistilleryError `FILE_NOT_FOUND` with the nearest name that there is, `BAD_INPUT` when it lies outside
 */
export async function findRun(name: string, workspace: Workspace): Promise<FoundRun> {
  const folder = workspace.existing(await placeOf(name, workspace));
  await workspace.refuseLinksOut(folder);
  const status = await readRunStatus(folder);
  if (status) return { kind: 'run', folder, status };
  // One that has just begun holds nothing yet that tells it from a run.
  const isAmongSearches = dirname(folder) === searchesDirectory(workspace);
  if (isAmongSearches || existsSync(join(folder, searchFiles.result))) return { kind: 'search', folder };
  if (existsSync(join(folder, TRAINER_LOG))) return { kind: 'checking', folder };
  throw new DistilleryError('FILE_NOT_FOUND', `'${name}' is no run and no search.`, {
    hint: 'list_runs names what there is.',
  });
}

/**
 * The same, where only a run that has begun will do.
 * @throws DistilleryError `BAD_INPUT` for a search, and for a run that is being checked
 */
export async function findTrainingRun(
  name: string,
  workspace: Workspace,
): Promise<FoundRun & { readonly kind: 'run' }> {
  const found = await findRun(name, workspace);
  if (found.kind === 'run') return found;
  if (found.kind === 'checking') {
    throw new DistilleryError('BAD_INPUT', `'${name}' has not begun yet.`, { hint: 'follow_run tells how far it is.' });
  }
  throw new DistilleryError('BAD_INPUT', `'${name}' is a search, not a run.`, {
    hint: `Its trials are runs: name one, such as '${workspace.name(found.folder)}/trials/0000'.`,
  });
}

/** The runs of a workspace, newest first; those whose folders are links that lead out are left out. */
export async function readOwnRuns(workspace: Workspace): Promise<readonly StoredRun[]> {
  workspace.toWrite(runsDirectory(workspace.folder));
  const isOwn = (path: string): boolean => existsSync(path) && workspace.has(realpathSync(path));
  return (await readRuns(workspace.folder)).filter(({ folder }) =>
    [folder, join(folder, runFiles.status)].every(isOwn),
  );
}

async function placeOf(name: string, workspace: Workspace): Promise<string> {
  const places = [runsDirectory(workspace.folder), searchesDirectory(workspace)].map((directory) =>
    join(directory, name),
  );
  const isId = !/[\\/]/.test(name);
  const known = isId ? places.find((place) => existsSync(place)) : undefined;
  if (known !== undefined) return known;
  if (!isId || existsSync(join(workspace.folder, name))) return name;
  const ids = (await readOwnRuns(workspace)).map(({ status }) => status.id);
  const suggestion = nearest(name, ids);
  throw new DistilleryError('FILE_NOT_FOUND', `There is no run '${name}'.`, {
    hint: `${suggestion === undefined ? '' : `Did you mean '${suggestion}'? `}list_runs names those that there are.`,
  });
}
